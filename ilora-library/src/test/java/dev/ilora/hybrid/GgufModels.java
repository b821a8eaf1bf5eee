package dev.ilora.hybrid;

import dev.ilora.llm.Llama;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.testing.GgufWriter;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models of folders in GGUF files. */
public final class GgufModels {
  private GgufModels() {}

  /** Writes a folder's model, whose tokenizer is one that ilora made. */
  public static Path write(Path folder, Path file) {
    try (Llama llama = Llama.load(folder, Device.CPU, DType.F32);
        Tokenizer tokenizer = Tokenizer.open(folder)) {
      return withTokenizer(GgufWriter.of(llama), folder, tokenizer).write(file);
    }
  }

  /** Adds what a folder's tokenizer is. */
  public static GgufWriter withTokenizer(GgufWriter writer, Path folder, Tokenizer tokenizer) {
    JsonNode json = JsonMapper.shared().readTree(folder.resolve("tokenizer.json"));
    TreeMap<Integer, String> tokens = new TreeMap<>();
    json.path("model").path("vocab").forEachEntry((token, id) -> tokens.put(id.asInt(), token));
    json.path("added_tokens")
        .forEach(token -> tokens.put(token.path("id").asInt(), token.path("content").asString()));
    List<Integer> types = new ArrayList<>(Collections.nCopies(tokens.size(), 1));
    json.path("added_tokens").forEach(token -> types.set(token.path("id").asInt(), 3));
    List<String> merges = new ArrayList<>();
    json.path("model").path("merges").forEach(merge -> merges.add(merge.asString()));
    return writer
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", "gpt-2")
        .with("tokenizer.ggml.tokens", List.copyOf(tokens.values()))
        .with("tokenizer.ggml.token_type", types)
        .with("tokenizer.ggml.merges", merges)
        .with("tokenizer.ggml.bos_token_id", tokenizer.bos())
        .with("tokenizer.ggml.eos_token_id", tokenizer.eos())
        .with("tokenizer.ggml.padding_token_id", tokenizer.pad())
        .with("tokenizer.ggml.add_bos_token", true);
  }
}
