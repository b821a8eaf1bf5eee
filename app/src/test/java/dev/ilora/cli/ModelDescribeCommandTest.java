package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.hybrid.GgufModels;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.Llama;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Descriptions of language models that are on disk. */
class ModelDescribeCommandTest extends RunsCommands {
  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("tiny"));
    try (Tokenizer tokenizer = TinyModels.tokenizer(model);
        Llama llama = TinyModels.llama(tokenizer)) {
      llama.save(model);
    }
  }

  private JsonNode described(Path described) {
    assertEquals(0, run("model", "describe", described.toString(), "--json"), err::toString);
    return JsonMapper.shared().readTree(out.toString()).path("languageModel");
  }

  private String text(Path described) {
    assertEquals(0, run("model", "describe", described.toString()), err::toString);
    return out.toString();
  }

  @Test
  void sizesAndMemoryAreThoseOfTheConfiguration() {
    JsonNode found = described(model);
    JsonNode decoder = found.path("decoder");
    assertEquals("LlamaForCausalLM", decoder.path("architecture").asString());
    assertEquals("llama", decoder.path("family").asString());
    assertEquals(2, decoder.path("layers").asInt());
    assertEquals(16, decoder.path("width").asInt());
    assertEquals(4, decoder.path("heads").asInt());
    assertEquals(2, decoder.path("keyValueHeads").asInt());
    assertEquals(4, decoder.path("headWidth").asInt());
    assertEquals(24, decoder.path("feedForwardWidth").asInt());
    assertEquals(384, decoder.path("context").asInt());
    int vocabulary = decoder.path("vocabulary").asInt();
    // Of a layer: q and o 16 x 16, k and v 8 x 16, three of 24 x 16, two norms.
    long parameters = vocabulary * 16L + 2 * (2 * 256 + 2 * 128 + 3 * 384 + 2 * 16) + 16;
    JsonNode weights = found.path("weights");
    assertEquals(parameters, weights.path("parameters").asLong());
    assertEquals(2 * parameters, weights.path("bytesAsBf16").asLong());
    assertEquals(4 * parameters, weights.path("bytesAsFp32").asLong());
    assertEquals(
        "[{\"type\":\"F32\",\"tensors\":20,\"bytes\":" + 4 * parameters + "}]",
        weights.path("stored").toString());
    assertEquals(
        model.resolve("model.safetensors").toFile().length(), found.path("fileBytes").asLong());
    assertTrue(found.path("weightsProblem").isMissingNode());
  }

  @Test
  void theTokenizerAndItsChatTemplateAreDescribed() throws IOException {
    JsonNode tokenizer = described(model).path("tokenizer");
    assertEquals("byte-level BPE", tokenizer.path("kind").asString());
    assertEquals("<s>", tokenizer.path("bos").path("text").asString());
    assertTrue(tokenizer.path("addsBos").asBoolean());
    assertEquals("absent", tokenizer.path("chatTemplate").asString());
    Path template = model.resolve("chat_template.jinja");
    Files.writeString(template, "{% for m in messages %}{{ m.content }}\n{% endfor %}");
    assertEquals("usable", described(model).path("tokenizer").path("chatTemplate").asString());
    Files.writeString(template, "{% for m in messages %}{{ m.content | upper }}{% endfor %}");
    JsonNode changing = described(model).path("tokenizer");
    assertEquals("unusable", changing.path("chatTemplate").asString());
    assertTrue(
        changing.path("chatProblem").asString().contains("each message once and unchanged"),
        changing::toString);
    Files.writeString(template, "{% nonsense %}");
    assertTrue(text(model).contains("yes, but not usable: "), out::toString);
  }

  @Test
  void aGgufFileIsTheSameModel() {
    JsonNode expected = described(model);
    Path file = GgufModels.write(model, folder.resolve("tiny.gguf"));
    JsonNode found = described(file);
    assertEquals("GGUF file", found.path("format").asString());
    assertEquals(expected.path("decoder"), found.path("decoder"));
    assertEquals(expected.path("weights"), found.path("weights"));
    assertEquals(expected.path("tokenizer"), found.path("tokenizer"));
    assertEquals(file.toFile().length(), found.path("fileBytes").asLong());
  }

  @Test
  void weightsThatDoNotFitAreNamed() throws IOException {
    Path config = model.resolve("config.json");
    String written = Files.readString(config);
    Files.writeString(
        config, written.replaceAll("\"intermediate_size\" : 24", "\"intermediate_size\" : 32"));
    String said = text(model);
    assertTrue(said.contains("problem       " + model), said);
    assertTrue(said.contains("mlp.gate_proj.weight': expected shape [32, 16], got [24, 16]"), said);
  }

  @Test
  void aTokenizerThatIsAbsentOrDamagedDoesNotHideTheModel() throws IOException {
    Path file = model.resolve("tokenizer.json");
    Files.writeString(file, "{");
    assertTrue(text(model).contains("not usable: " + file), out::toString);
    Files.delete(file);
    assertTrue(text(model).contains("tokenizer     none"), out::toString);
  }

  @Test
  void theLicenceIsThatOfTheReadme() throws IOException {
    Files.writeString(
        model.resolve("README.md"), "---\nlicense: apache-2.0\n---\nlicense: another\n");
    assertTrue(text(model).contains("licence       apache-2.0, as its files say"), out::toString);
    Files.writeString(model.resolve("README.md"), "license: another\n");
    assertTrue(described(model).path("origin").path("licence").isMissingNode());
  }

  @Test
  void whatIsNotComputedIsRefusedByName() throws IOException {
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"llama\"", "\"gpt2\""));
    assertTrue(
        error(3, "model", "describe", model.toString())
            .contains("model_type 'gpt2' is not supported"),
        err::toString);
  }

  @Test
  void windowsAndScalingAreToldByLayer() throws IOException {
    Path families = ReferenceFiles.ofEngine("families");
    String said = text(families.resolve("gemma3"));
    assertTrue(
        said.contains("layers 0-1: rotary positions, base 10,000; a sliding window of 8 tokens"),
        said);
    assertTrue(
        said.contains(
            "layer 2: rotary positions, base 1,000,000, linear scaling by 8; a token sees all"),
        said);
    assertTrue(said.contains("norms of each query and key head, zero-centred norms"), said);
    assertTrue(
        text(families.resolve("phi3")).contains("the first 12 of 16 elements of a head"),
        out::toString);
    assertTrue(text(families.resolve("smollm3")).contains("no positions"), out::toString);
  }

  /** Twelve users who each have six of eight items in a row. */
  private static Dataset films() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      items.add(new Item(i, "key-" + i, "Film " + i, Map.of()));
    }
    List<UserSequence> users = new ArrayList<>();
    for (int u = 0; u < 12; u++) {
      int[] chosen = {u % 8, (u + 1) % 8, (u + 2) % 8, (u + 3) % 8, (u + 4) % 8, (u + 5) % 8};
      users.add(new UserSequence("user-" + u, chosen, new float[0], new long[0], Map.of()));
    }
    return new Dataset("films", items, users, Map.of());
  }

  @Test
  void aRunTellsWhatItWasTrainedOn() throws IOException {
    Path data = folder.resolve("data");
    DatasetFolder.write(films(), data);
    String recipe = folder.resolve("popularity.yaml").toString();
    Files.writeString(Path.of(recipe), "method: popularity\n");
    String rows = "rows.split=leave-one-out";
    String runs = folder.resolve("runs").toString();
    int code = run("study", recipe, "data=" + data, rows, "rows.candidates=2", "--out", runs);
    assertEquals(0, code, err::toString);
    Path made = folder.resolve("runs/popularity-seed1");
    String said = text(made);
    assertTrue(said.contains("method        Popularity (popularity), seed 1"), said);
    assertTrue(said.contains("trained on    films"), said);
    assertTrue(described(made).isMissingNode());
    String file = folder.resolve("x.gguf").toString();
    assertTrue(
        error(3, "model", "convert", made.toString(), "--out", file)
            .endsWith("is a recommender without a language model"));
  }
}
