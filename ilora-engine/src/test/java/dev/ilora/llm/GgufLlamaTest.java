package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.GgufWriter;
import dev.ilora.testing.InScope;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder in a GGUF file is the one of a folder. */
@InScope
class GgufLlamaTest {
  @TempDir Path folder;

  private static Llama reference(String name) {
    return Llama.load(ReferenceFiles.of("llm/" + name), Device.CPU, DType.F32);
  }

  private Path written(GgufWriter writer) {
    return writer.write(folder.resolve("model.gguf"));
  }

  private static String refusal(Path file) {
    var refused =
        assertThrows(
            BadInputException.class, () -> Llama.load(file, Device.CPU, DType.F32).close());
    return refused.getMessage().replace(file + ": ", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha-untied", "llama-gqa-tied"})
  void weightsHaveTheNamesAndRowsOfTheFolder(String name) {
    Llama own = reference(name);
    Llama read = Llama.load(written(GgufWriter.of(own)), Device.CPU, DType.F32);
    Map<String, Tensor> weights = own.parameters();
    assertEquals(List.copyOf(weights.keySet()), List.copyOf(read.parameters().keySet()));
    weights.forEach(
        (weight, values) ->
            assertArrayEquals(values.toFloats(), read.parameters().get(weight).toFloats(), weight));
    assertEquals(own.config().tiedHead(), read.config().tiedHead());
    assertEquals(own.config().shape(), read.config().shape());
    assertEquals(own.config().headWidth(), read.config().headWidth());
    assertEquals(own.config().rope().theta(), read.config().rope().theta());
    assertEquals(own.config().normEpsilon(), read.config().normEpsilon(), 1e-12);
  }

  @Test
  void tokensThatBeginAndEndTextsAreTheFiles() {
    GgufWriter writer =
        GgufWriter.of(reference("llama-gqa-tied"))
            .with("tokenizer.ggml.bos_token_id", 3)
            .with("tokenizer.ggml.eos_token_id", 4)
            .with("tokenizer.ggml.eot_token_id", 5);
    LlamaConfig config = LlamaConfig.read(written(writer));
    assertEquals(3, config.beginToken());
    assertEquals(List.of(4, 5), config.endTokens());
  }

  @Test
  void linearScalingOfPositionsIsRead() {
    GgufWriter writer =
        GgufWriter.of(reference("llama-gqa-tied"))
            .with("llama.rope.scaling.type", "linear")
            .with("llama.rope.scaling.factor", 4.0);
    assertEquals(new RopeScaling.Linear(4), LlamaConfig.read(written(writer)).rope().scaling());
  }

  @Test
  void scalingOfLlama3IsFoundFromItsFactors() {
    var scaling = new RopeScaling.Llama3(32, 1, 4, 8192);
    Llama own = Llama.create(LlamaConfig.small(8, 64, 8, 1, 1, 1, 32, 500000), 1, Device.CPU);
    float[] plain = new RopeScaling.None().frequencies(64, 500000, 1);
    float[] scaled = scaling.frequencies(64, 500000, 1);
    float[] factors = new float[plain.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = plain[i] / scaled[i];
    }
    GgufWriter writer = GgufWriter.of(own).tensor("rope_freqs.weight", Tensor.of(factors, 32));
    assertEquals(scaling, LlamaConfig.read(written(writer)).rope().scaling());
    factors[0] = 2;
    writer.tensor("rope_freqs.weight", Tensor.of(factors, 32));
    assertEquals(
        "tensor 'rope_freqs.weight': expected the factors of Llama 3 for heads 64 wide",
        refusal(written(writer)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          general.architecture | gemma3 | metadata 'general.architecture': expected 'llama' or 'qwen2' or 'qwen3' or 'olmo2' or 'granite', got 'gemma3', which is not supported
          llama.rope.scaling.type | yarn | metadata 'llama.rope.scaling.type': expected none or linear, got 'yarn', which is not supported
          llama.block_count | many | metadata 'llama.block_count': expected a whole number within 32 bits, got 'many' (STRING)
          """)
  void whatIsNotComputedIsRefusedByName(String key, String value, String message) {
    GgufWriter writer = GgufWriter.of(reference("llama-gqa-tied")).with(key, value);
    assertEquals(message, refusal(written(writer)));
  }

  @Test
  void expertsAndPartlyTurnedHeadsAreRefused() {
    GgufWriter writer = GgufWriter.of(reference("llama-gqa-tied")).with("llama.expert_count", 8);
    assertEquals("metadata 'llama.expert_count': expected none, got 8", refusal(written(writer)));
    writer.with("llama.expert_count", 0).with("llama.rope.dimension_count", 2);
    int width = reference("llama-gqa-tied").config().headWidth();
    assertEquals(
        "metadata 'llama.rope.dimension_count': expected %s, the width of a head, got 2"
            .formatted(width),
        refusal(written(writer)));
  }

  /** Files of OLMo 3 say olmo2 too, and are told apart by their window alone. */
  @Test
  void anOlmoWithAWindowIsRefused() {
    GgufWriter writer = GgufWriter.of(reference("llama-gqa-tied")).as("olmo2");
    LlamaConfig plain = LlamaConfig.read(written(writer));
    writer.with("olmo2.attention.sliding_window", 0);
    assertEquals(plain, LlamaConfig.read(written(writer)));
    writer.with("olmo2.attention.sliding_window", 4096);
    assertEquals(
        "metadata 'olmo2.attention.sliding_window': expected none, got 4096",
        refusal(written(writer)));
  }

  @Test
  void aTensorThatIsNoWeightIsRefusedByItsName() {
    GgufWriter writer =
        GgufWriter.of(reference("llama-gqa-tied"))
            .tensor("blk.0.attn_sinks.weight", Tensor.zeros(4));
    assertEquals(
        "not the weights of the model in model.gguf: weight 'blk.0.attn_sinks.weight' is not"
            + " expected",
        refusal(written(writer)));
  }
}
