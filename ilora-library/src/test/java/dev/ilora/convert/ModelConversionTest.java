package dev.ilora.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.MetadataValue;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models of every family that GGUF can say, written as a file and back. */
class ModelConversionTest {
  private static final int[] ROW = {3, 70, 21, 9, 44, 95, 12, 60, 33, 8, 17, 81, 5, 29, 66, 40};

  @TempDir Path folder;

  private static Path reference(String name) {
    return ReferenceFiles.ofEngine("families/" + name);
  }

  /** A reference model with a tokenizer, and a table of embeddings that is large enough for it. */
  private Path withTokenizer(String name, String... changed) throws IOException {
    Path model = Files.createDirectories(folder.resolve(name));
    int rows;
    try (Tokenizer tokenizer = TinyModels.tokenizer(model)) {
      rows = tokenizer.vocabularySize();
    }
    JsonMapper json = JsonMapper.shared();
    Path config = reference(name).resolve("config.json");
    ObjectNode root = (ObjectNode) json.readTree(config);
    root.put("vocab_size", rows);
    for (int i = 0; i < changed.length; i += 2) {
      root.set(changed[i], json.readTree(changed[i + 1]));
    }
    json.writeValue(model.resolve("config.json"), root);
    try (var _ = Scope.open();
        var stored = SafeTensors.open(reference(name).resolve("model.safetensors"))) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String weight : stored.names()) {
        Tensor values = stored.load(weight);
        boolean table = weight.contains("embed_tokens") || weight.contains("lm_head");
        int copies = table ? rows / 96 + 1 : 1;
        Tensor more = Tensor.cat(Collections.nCopies(copies, values), 0);
        weights.put(weight, table ? more.slice(0, 0, rows) : values);
      }
      SafeTensors.write(model.resolve("model.safetensors"), weights, Map.of("format", "pt"));
    }
    return model;
  }

  private Path converted(Path model) {
    Path file = folder.resolve("model.gguf");
    ModelConversion.toGguf(model, file, GgufType.F32);
    return file;
  }

  private static float[] logits(Path model) {
    return logits(model, Optional.empty());
  }

  private static float[] logits(Path model, Optional<WeightForm> form) {
    try (var _ = Scope.open()) {
      Llama llama = Llama.load(model, Device.CPU, DType.F32, form);
      Tensor embedded = llama.embed(Tensor.ofInts(ROW, 1, ROW.length));
      return llama.logits(llama.hidden(embedded, Attention.causal(), Adaptation.NONE)).toFloats();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "qwen2",
        "qwen3",
        "olmo2",
        "granite",
        "phi3",
        "phi3-longrope",
        "gemma3-by-six",
        "smollm3-by-four"
      })
  void aFolderComesBackEqual(String name) throws IOException {
    Path model = withTokenizer(name);
    Path file = converted(model);
    Path back = folder.resolve("back");
    ModelConversion.toFolder(file, back, DType.F32, false);
    // One plus a small weight has fewer digits of it.
    float lost = name.startsWith("gemma3") ? 1e-6f : 0;
    assertArrayEquals(logits(model), logits(file), lost == 0 ? 0 : 1e-4f);
    assertArrayEquals(logits(file), logits(back));
    LlamaConfig before = LlamaConfig.read(model.resolve("config.json"));
    LlamaConfig after = LlamaConfig.read(back.resolve("config.json"));
    assertEquals(before.family(), after.family());
    assertEquals(before.tiedHead(), after.tiedHead());
    assertEquals(before.maxPositions(), after.maxPositions());
    try (var _ = Scope.open();
        var first = SafeTensors.open(model);
        var second = SafeTensors.open(back)) {
      assertEquals(first.names(), second.names());
      for (String weight : first.names()) {
        assertArrayEquals(
            first.load(weight).toFloats(), second.load(weight).toFloats(), lost, weight);
      }
    }
  }

  /** The file that the gguf library wrote by llama.cpp's conventions holds the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2",
        "qwen3",
        "olmo2",
        "granite",
        "phi3",
        "phi3-longrope",
        "gemma3-by-six",
        "smollm3-by-four"
      })
  void aFileHoldsWhatLlamaCppsConverterWouldPutThere(String name) throws IOException {
    try (var _ = Scope.open();
        var expected = GgufFile.open(reference(name).resolve("model.gguf"));
        var given = GgufFile.open(converted(withTokenizer(name)))) {
      assertEquals(expected.names(), given.names());
      for (String tensor : expected.names()) {
        if (!tensor.equals("token_embd.weight") && !tensor.equals("output.weight")) {
          assertArrayEquals(
              expected.load(tensor).toFloats(), given.load(tensor).toFloats(), tensor);
        }
      }
      Map<String, MetadataValue> said = given.metadata().all();
      expected
          .metadata()
          .all()
          .forEach(
              (key, value) -> {
                if (!key.endsWith(".vocab_size")) {
                  assertEquals(value, said.get(key), key);
                }
              });
    }
  }

  /** Blocks of queries and keys are put in order, and norms read, as values are. */
  @ParameterizedTest
  @ValueSource(strings = {"gemma3-by-six", "smollm3-by-four"})
  void blocksThatAreHeldGiveTheLogitsOfTheirValues(String name) throws IOException {
    Path file = folder.resolve("model.gguf");
    ModelConversion.toGguf(withTokenizer(name), file, GgufType.Q8_0);
    assertArrayEquals(logits(file), logits(file, Optional.of(WeightForm.ASIS)), 1e-5f);
  }

  @Test
  void aWindowOfPhi3ComesBack() throws IOException {
    Path model = withTokenizer("phi3", "sliding_window", "5");
    Path file = converted(model);
    assertArrayEquals(logits(model), logits(file));
    float[] without = logits(withTokenizer("phi3"));
    assertTrue(Math.abs(without[without.length - 1] - logits(file)[without.length - 1]) > 1e-3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mistral | model_type 'mistral'
          gemma3 | query_pre_attn_scalar other than 16, which readers assume,
          smollm3 | no_rope_layers other than every fourth, which readers assume,
          qwen2-window | sliding_window
          llama-dynamic | rope_scaling dynamic
          llama-yarn | rope_scaling yarn
          llama-llama3 | rope_scaling llama3 with other settings than Llama 3's
          """)
  void whatReadersOfGgufWouldComputeOtherwiseIsRefusedByName(String name, String what) {
    Path model = reference(name);
    var refused = assertThrows(BadInputException.class, () -> converted(model));
    assertEquals(
        model.resolve("config.json") + ": " + what + " cannot be written as GGUF here",
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          llama | hidden_act | "gelu_pytorch_tanh" | activation GELU_TANH
          granite | attention_bias | true | attention_bias true
          gemma3-by-six | layer_types | ["sliding_attention", "full_attention", "sliding_attention", "sliding_attention", "full_attention", "sliding_attention", "full_attention"] | layer_types that do not repeat
          phi3 | layer_types | ["sliding_attention", "full_attention"] | layer_types that differ
          smollm3-by-four | use_sliding_window | true | sliding_window
          """)
  void settingsThatFilesCannotSayAreRefusedByName(
      String name, String key, String value, String what) throws IOException {
    Path model =
        withTokenizer(
            name,
            key,
            value,
            "sliding_window",
            "8",
            "layer_types",
            key.equals("layer_types") ? value : "null");
    var refused = assertThrows(BadInputException.class, () -> converted(model));
    assertEquals(
        model.resolve("config.json") + ": " + what + " cannot be written as GGUF here",
        refused.getMessage());
  }
}
