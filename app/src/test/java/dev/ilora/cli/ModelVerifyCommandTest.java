package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.llm.Llama;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.GgufWriter;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models compared with logits that other programs computed. */
class ModelVerifyCommandTest extends RunsCommands {
  private static final Path LLAMA = ReferenceFiles.ofEngine("llm/llama-gqa-tied");
  private static final Path PEFT = ReferenceFiles.ofEngine("peft");

  @TempDir Path folder;

  private int verify(Path model, Path expected, String... more) {
    String[] words = new String[more.length + 5];
    String[] first = {"model", "verify", model.toString(), "--expected", expected.toString()};
    System.arraycopy(first, 0, words, 0, first.length);
    System.arraycopy(more, 0, words, first.length, more.length);
    return run(words);
  }

  private JsonNode result() {
    return JsonMapper.shared().readTree(out.toString());
  }

  /** The reference batch with one tensor changed; null takes it out. */
  private Path changed(String name, Tensor tensor) {
    Path file = folder.resolve("changed.safetensors");
    try (var stored = SafeTensors.open(LLAMA.resolve("plain.safetensors"))) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(stored.loadAll());
      tensors.put(name, tensor);
      tensors.values().removeIf(one -> one == null);
      SafeTensors.write(file, tensors, Map.of());
    }
    return file;
  }

  /** The reference's logits with one raised by a half. */
  private static Tensor raised(int row, int position, int token) {
    try (var stored = SafeTensors.open(LLAMA.resolve("plain.safetensors"))) {
      Tensor logits = stored.load("logits");
      float[] values = logits.toFloats();
      long[] shape = logits.shape();
      values[(int) ((row * shape[1] + position) * shape[2] + token)] += 0.5f;
      return Tensor.of(values, shape);
    }
  }

  @Test
  void logitsOfThePaddedBatchAreConfirmed() {
    assertEquals(0, verify(LLAMA, LLAMA.resolve("plain.safetensors"), "--json"), err::toString);
    JsonNode check = result().path("check");
    assertTrue(result().path("passed").asBoolean());
    assertEquals(24 + 19 + 15, check.path("positions").asInt());
    assertEquals(58, check.path("sameBest").asInt());
    assertEquals(307, check.path("vocabulary").asInt());
    double largest = check.path("largestDifference").asDouble();
    assertTrue(largest > 0 && largest < 1e-4, out::toString);
  }

  @Test
  void aDifferenceIsFoundAtItsPlace() {
    try (var _ = Scope.open()) {
      Path expected = changed("logits", raised(1, 17, 5));
      assertEquals(1, verify(LLAMA, expected));
      String said = err.toString();
      assertTrue(said.contains("a logit differs by 0.500, more than 0.000100"), said);
      assertTrue(out.toString().contains("0.500 at row 1, position 17, token 5"), out::toString);
      assertEquals(0, verify(LLAMA, expected, "--tolerance", "0.6"), err::toString);
      assertEquals(1, verify(LLAMA, expected, "--json"));
      assertFalse(result().path("passed").asBoolean());
      assertEquals(17, result().path("check").path("at").path("position").asInt());
    }
  }

  @Test
  void paddingIsNotCompared() {
    try (var _ = Scope.open()) {
      Path expected = changed("logits", raised(1, 19, 5));
      assertEquals(0, verify(LLAMA, expected), err::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-all", "lora-qv"})
  void anAdapterOfPeftIsApplied(String adapter) {
    Path lora = PEFT.resolve(adapter);
    Path expected = lora.resolve("expected.safetensors");
    Path base = PEFT.resolve("llama");
    assertEquals(0, verify(base, expected, "--adapter", lora.toString()), err::toString);
    assertEquals(1, verify(base, expected));
  }

  @ParameterizedTest
  @CsvSource({
    "lora-dora-rslora-patterns, llama",
    "lora-phi3, phi3",
    "prefix-tuning, llama",
    "prompt-tuning, llama",
    "p-tuning, llama"
  })
  void everyKindOfAdapterIsApplied(String adapter, String family) {
    Path folder = SharedFiles.require("conformance/peft").resolve(adapter);
    Path base = ReferenceFiles.ofEngine("families").resolve(family);
    Path expected = folder.resolve("expected.safetensors");
    assertEquals(0, verify(base, expected, "--adapter", folder.toString()), err::toString);
    assertEquals(1, verify(base, expected));
  }

  @Test
  void adaptersThatAreNotComputedAreRefusedByName() {
    Path ia3 = PEFT.resolve("ia3");
    assertEquals(
        3,
        verify(
            PEFT.resolve("llama"),
            PEFT.resolve("lora-qv/expected.safetensors"),
            "--adapter",
            ia3.toString()));
    assertTrue(err.toString().contains("peft_type IA3 is not supported"), err::toString);
  }

  @Test
  void aGgufFileIsComparedByItselfAndByItsFolder() throws IOException {
    Path alone = Files.createDirectories(folder.resolve("alone"));
    Path file = alone.resolve("model.gguf");
    try (Llama llama = Llama.load(LLAMA, Device.CPU, DType.F32)) {
      GgufWriter.of(llama).write(file);
    }
    Path expected = LLAMA.resolve("plain.safetensors");
    assertEquals(0, verify(file, expected), err::toString);
    assertEquals(0, verify(alone, expected), err::toString);
    Files.copy(file, alone.resolve("second.gguf"));
    assertEquals(3, verify(alone, expected));
    assertTrue(err.toString().contains("holds several .gguf files; name one: "), err::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          input_ids | has no tensor 'input_ids': expected input_ids [rows, length], lengths [rows] and logits [rows, length, vocabulary], found lengths, logits
          lengths | has no tensor 'lengths': expected input_ids [rows, length], lengths [rows] and logits [rows, length, vocabulary], found input_ids, logits
          logits | has no tensor 'logits': expected input_ids [rows, length], lengths [rows] and logits [rows, length, vocabulary], found input_ids, lengths
          """)
  void aMissingTensorIsNamed(String name, String message) {
    try (var _ = Scope.open()) {
      assertRefused(changed(name, null), message);
    }
  }

  @Test
  void tensorsOfAnotherTypeOrShapeAreNamed() {
    try (var _ = Scope.open()) {
      assertRefused(
          changed("input_ids", Tensor.zeros(3, 24)),
          "tensor 'input_ids': expected I64 or I32, got F32");
      assertRefused(
          changed("logits", Tensor.of(new long[3], 3)),
          "tensor 'logits': expected a floating type, got I64");
      assertRefused(
          changed("input_ids", Tensor.of(new long[24], 24)),
          "tensor 'input_ids': expected a shape [rows, length] of at least 1, got [24]");
      assertRefused(
          changed("lengths", Tensor.of(new long[] {1, 2}, 2)),
          "tensor 'lengths': expected shape [3] (one length for each row), got [2]");
      assertRefused(
          changed("logits", Tensor.zeros(3, 24, 306)),
          "tensor 'logits': expected shape [3, 24, 307] (rows, length and the model's vocabulary),"
              + " got [3, 24, 306]");
    }
  }

  @Test
  void impossibleLengthsAndTokensAreNamedWithTheirPlace() {
    try (var _ = Scope.open()) {
      assertRefused(
          changed("lengths", Tensor.of(new long[] {24, 25, 1}, 3)),
          "tensor 'lengths': expected 1 to 24 in row 1, got 25");
      assertRefused(
          changed("lengths", Tensor.of(new long[] {24, 5, 0}, 3)),
          "tensor 'lengths': expected 1 to 24 in row 2, got 0");
      long[] ids = new long[3 * 24];
      ids[24 + 18] = 307;
      assertRefused(
          changed("input_ids", Tensor.of(ids, 3, 24)),
          "tensor 'input_ids': expected a token from 0 to 306 in row 1, position 18, got 307");
    }
  }

  private void assertRefused(Path expected, String message) {
    assertEquals(3, verify(LLAMA, expected), out::toString);
    assertEquals("ilora: " + expected + ": " + message, err.toString().strip());
  }

  @Test
  void wrongArgumentsAreToldApart() {
    Path expected = LLAMA.resolve("plain.safetensors");
    assertEquals(2, verify(LLAMA, expected, "--tolerance", "-1"));
    assertEquals(3, verify(folder, expected));
    assertTrue(err.toString().contains("holds no language model"), err::toString);
    assertEquals(3, verify(folder.resolve("absent"), expected));
    assertTrue(err.toString().contains("absent: no such model"), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama-dynamic", "llama-yarn", "mistral", "gemma3", "phi3-longrope", "granite"})
  void familiesComputeWhatHuggingFacesLibraryDoes(String family) {
    Path model = ReferenceFiles.ofEngine("families").resolve(family);
    assertEquals(0, verify(model, model.resolve("expected.safetensors")), err::toString);
  }
}
