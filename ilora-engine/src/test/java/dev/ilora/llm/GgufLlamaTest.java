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
          general.architecture | gemma2 | metadata 'general.architecture': expected 'llama' or 'qwen2' or 'qwen3' or 'gemma3' or 'smollm3' or 'phi3' or 'olmo2' or 'granite', got 'gemma2', which is not supported
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

  private static GgufWriter family(String name) {
    return GgufWriter.copyOf(ReferenceFiles.of("families/" + name).resolve("model.gguf"));
  }

  private List<Sight> layers(GgufWriter writer) {
    return LlamaConfig.read(written(writer)).form().layers();
  }

  private List<Integer> windows(GgufWriter writer) {
    return layers(writer).stream().map(Sight::window).toList();
  }

  @Test
  void layersOfGemma3HaveWindowsAsTheFileSays() {
    GgufWriter writer = family("gemma3-by-six");
    int all = Sight.ALL;
    assertEquals(List.of(8, 8, 8, 8, 8, all, 8), windows(writer));
    writer.with("gemma3.attention.sliding_window_pattern", 3);
    assertEquals(List.of(8, 8, all, 8, 8, all, 8), windows(writer));
    writer.with("gemma3.attention.sliding_window_pattern", 0);
    assertEquals(List.of(8, 8, 8, 8, 8, 8, 8), windows(writer));
    writer.without("gemma3.attention.sliding_window");
    assertEquals(List.of(all, all, all, all, all, all, all), windows(writer));
    assertEquals(1e6, layers(writer).getFirst().rope().theta());
    writer.with("gemma3.attention.sliding_window_pattern", -2);
    writer.with("gemma3.attention.sliding_window", 8);
    assertEquals(
        "metadata 'gemma3.attention.sliding_window_pattern': expected a whole number within 32"
            + " bits, got 4294967294",
        refusal(written(writer)));
  }

  @Test
  void layersWithWindowsHaveTheirOwnPositionsInGemma3() {
    GgufWriter writer = family("gemma3-by-six").with("gemma3.rope.freq_base_swa", 5000.0);
    assertEquals(new Rope(16, 5000, new RopeScaling.None()), layers(writer).get(0).rope());
    assertEquals(new Rope(16, 1e6, new RopeScaling.Linear(8)), layers(writer).get(5).rope());
    writer.without("gemma3.rope.freq_base_swa");
    assertEquals(10000, layers(writer).get(0).rope().theta());
  }

  /** As of 27B, whose file does not say either that it is scaled otherwise. */
  @Test
  void scoresOfGemma3AreScaledByTheWidthOfAHeadButOf62Layers() {
    GgufWriter writer =
        family("gemma3-by-six")
            .with("gemma3.attention.head_count", 4)
            .with("gemma3.attention.head_count_kv", 1);
    assertEquals(0.25, LlamaConfig.read(written(writer)).form().scales().scores());
    writer.with("gemma3.block_count", 62);
    double expected = 1 / Math.sqrt(32 / 4);
    assertEquals(expected, LlamaConfig.read(written(writer)).form().scales().scores());
  }

  @Test
  void cappedLogitsOfGemma3AreRefused() {
    GgufWriter writer = family("gemma3-by-six").with("gemma3.final_logit_softcapping", 30.0);
    assertEquals(
        "metadata 'gemma3.final_logit_softcapping': expected none, got 30.0",
        refusal(written(writer)));
  }

  @Test
  void aWindowOfPhi3IsKeptAndNoneMeansNone() {
    GgufWriter writer = family("phi3");
    assertEquals(List.of(Sight.ALL, Sight.ALL), windows(writer));
    assertEquals(12, layers(writer).getFirst().rope().width());
    assertEquals(List.of(9, 9), windows(writer.with("phi3.attention.sliding_window", 9)));
    writer.with("phi3.rope.dimension_count", 17);
    assertEquals(
        "metadata 'phi3.rope.dimension_count': expected 1 to 16, got 17", refusal(written(writer)));
  }

  @Test
  void factorsOfPhi3ComeWithAllTheyNeedOrAreRefused() {
    String folderOf = "families/phi3-longrope";
    RopeScaling expected =
        LlamaConfig.read(ReferenceFiles.of(folderOf).resolve("config.json")).rope().scaling();
    var read = (RopeScaling.LongRope) layers(family("phi3-longrope")).getFirst().rope().scaling();
    var published = (RopeScaling.LongRope) expected;
    assertEquals(published.shortFactors(), read.shortFactors());
    assertEquals(published.longFactors(), read.longFactors());
    assertEquals(published.originalContext(), read.originalContext());
    assertEquals((float) published.amplitude(), (float) read.amplitude());
    assertEquals(
        "has no tensor 'rope_factors_short.weight', which longrope needs",
        refusal(written(family("phi3-longrope").without("rope_factors_short.weight"))));
    String original = "phi3.rope.scaling.original_context_length";
    assertEquals(
        "metadata lacks '" + original + "'",
        refusal(written(family("phi3-longrope").without(original))));
    assertEquals(
        "long and short factors of positions are only supported where the architecture is 'phi3'",
        refusal(
            written(
                GgufWriter.of(reference("llama-gqa-tied"))
                    .tensor("rope_factors_long.weight", Tensor.zeros(2)))));
  }

  @Test
  void windowsOfSmolLm3AreRefused() {
    GgufWriter writer = family("smollm3-by-four").with("smollm3.attention.sliding_window", 8);
    assertEquals(
        "metadata 'smollm3.attention.sliding_window': expected none, got 8",
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
