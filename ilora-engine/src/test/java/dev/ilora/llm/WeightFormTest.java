package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.FrozenWeights;
import dev.ilora.adapter.LoraForm;
import dev.ilora.gguf.GgufArchitecture;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.GgufWriter;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Freed;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model whose weights are held in few bits is the model of these weights, bit for bit. */
@OneThread
@InScope
class WeightFormTest {
  private static final int VOCABULARY = 90;
  private static final int WIDTH = 64;
  private static final int TOKENS = 53;

  @TempDir private Path folder;
  private Path base;

  @BeforeEach
  void writeBase() {
    base = folder.resolve("base");
    Llama made = Llama.create(config(), 5, Device.CPU);
    Torch.noGrad(
        () ->
            made.parameters().values().stream()
                .filter(weight -> weight.dim() == 2)
                .forEach(weight -> weight.mulInPlace(6)));
    made.save(base, DType.BF16);
  }

  private static LlamaConfig config() {
    return LlamaConfig.small(VOCABULARY, WIDTH, 128, 3, 4, 2, 128);
  }

  /** A model of the values of another, held as they are multiplied. */
  private Llama expanded(Llama held, DType dtype) {
    Path copy = folder.resolve("expanded-" + held.weightBytes() + dtype);
    held.save(copy, DType.F32);
    return Llama.load(copy, Device.CPU, dtype);
  }

  /** Everything a model computes: logits on several ways, and gradients of a training pass. */
  private static List<float[]> computed(Llama llama) {
    List<float[]> all = new ArrayList<>();
    long[] odd = {5, 40, TOKENS + 3, 2 * TOKENS - 1};
    Tensor places = Tensor.of(odd, odd.length);
    Tensor known = Tensor.of(tokens(), 2, TOKENS);
    Torch.noGrad(
        () -> {
          Tensor hidden =
              llama.hiddenAt(llama.embed(known), Attention.causal(), Adaptation.NONE, places);
          all.add(hidden.toFloats());
          all.add(llama.scores(hidden, 7, 50).toFloats());
          all.add(llama.logits(hidden).toFloats());
          all.add(llama.logitsOf(hidden, Tensor.of(new long[] {3, 4, 3, 89}, 4)).toFloats());
        });
    AdapterConfig mixture = AdapterConfig.mixture(AdapterConfig.allTargets(), 2, 4, 8, 0);
    Adapters adapters = Adapters.create(mixture, llama.config().shape(), 2, Device.CPU);
    Torch.seed(9);
    Torch.noGrad(
        () -> adapters.parameters().values().forEach(weight -> weight.normalInPlace(0, 0.1)));
    for (boolean checkpoint : new boolean[] {false, true}) {
      Tensor embeddings = llama.embed(known).detach().requiresGrad(true);
      Tensor gate = Tensor.full(0.5, DType.F32, Device.CPU, 2, 2).requiresGrad(true);
      Adaptation adaptation = Adaptation.of(adapters, gate, true);
      double loss =
          llama
              .trainingPass(embeddings, Attention.causal(), adaptation, places, checkpoint)
              .backward(
                  Tensor.of(new long[] {1, 2, 3, 4}, 4), Tensor.ones(DType.F32, Device.CPU, 4));
      all.add(new float[] {(float) loss});
      all.add(embeddings.grad().toFloats());
      all.add(gate.grad().toFloats());
      adapters.parameters().values().forEach(weight -> all.add(weight.grad().toFloats()));
    }
    return all;
  }

  private static long[] tokens() {
    return LongStream.range(0, 2L * TOKENS).map(i -> i * 37 % VOCABULARY).toArray();
  }

  private static void requireSame(Llama expected, Llama given) {
    List<float[]> one = computed(expected);
    List<float[]> other = computed(given);
    assertEquals(one.size(), other.size());
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), other.get(i), "part " + i);
    }
  }

  private static Stream<Arguments> forms() {
    return Stream.of(WeightForm.values())
        .flatMap(form -> Stream.of(DType.F32, DType.BF16).map(dtype -> Arguments.of(form, dtype)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void logitsAndGradientsAreThoseOfTheExpandedWeights(WeightForm form, DType dtype) {
    Llama held = Llama.load(base, Device.CPU, dtype, Optional.of(form));
    requireSame(expanded(held, dtype), held);
  }

  @ParameterizedTest
  @EnumSource(WeightForm.class)
  void shadowsShareWhatIsHeld(WeightForm form) {
    Llama held = Llama.load(base, Device.CPU, DType.F32, Optional.of(form));
    requireSame(held, held.shadow());
  }

  @Test
  void formsTakeTheirBits() {
    long values = values(2);
    long vectors = values(1) * Float.BYTES;
    assertEquals(4 * values + vectors, bytes(Optional.empty()));
    assertEquals(4 * values + vectors, bytes(Optional.of(WeightForm.FP32)));
    assertEquals(2 * values + vectors, bytes(Optional.of(WeightForm.ASIS)));
    assertEquals(2 * values + vectors, bytes(Optional.of(WeightForm.BF16)));
    assertEquals(34 * values / 32 + vectors, bytes(Optional.of(WeightForm.INT8)));
    assertEquals(18 * values / 32 + vectors, bytes(Optional.of(WeightForm.Q4_0)));
    assertEquals(36 * values / 64 + vectors, bytes(Optional.of(WeightForm.NF4)));
  }

  private long bytes(Optional<WeightForm> form) {
    return Llama.load(base, Device.CPU, DType.F32, form).weightBytes();
  }

  /** Values in all weights of so many dimensions. */
  private static long values(int dimensions) {
    List<Long> counts = new ArrayList<>();
    LlamaLayout.of(config())
        .forEach(
            (_, shape) -> {
              if (shape.length == dimensions) {
                counts.add(Arrays.stream(shape).reduce(1, (x, y) -> x * y));
              }
            });
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void aGgufFileIsHeldAsItStands(GgufType type) {
    Path file = folder.resolve("model.gguf");
    Llama own = Llama.load(base, Device.CPU, DType.F32);
    writer(own, type).write(file);
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Llama held = Llama.load(file, Device.CPU, dtype, Optional.of(WeightForm.ASIS));
      requireSame(Llama.load(file, Device.CPU, dtype), held);
      assertEquals(
          bytes(type, values(2)) + values(1) * dtype.bytes(), held.weightBytes(), type.toString());
    }
  }

  private static long bytes(GgufType type, long values) {
    return switch (type) {
      case F32 -> 4 * values;
      case F16, BF16 -> 2 * values;
      case Q8_0 -> 34 * values / 32;
      case Q4_0 -> 18 * values / 32;
    };
  }

  private static GgufWriter writer(Llama llama, GgufType type) {
    LlamaConfig config = llama.config();
    GgufWriter writer =
        new GgufWriter()
            .with("general.architecture", "llama")
            .with("llama.block_count", config.layers())
            .with("llama.context_length", config.maxPositions())
            .with("llama.embedding_length", config.hiddenSize())
            .with("llama.feed_forward_length", config.intermediateSize())
            .with("llama.attention.head_count", config.heads())
            .with("llama.attention.head_count_kv", config.keyValueHeads())
            .with("llama.attention.layer_norm_rms_epsilon", config.normEpsilon());
    llama
        .parameters()
        .forEach(
            (name, weight) ->
                writer.tensor(
                    dev.ilora.testing.GgufWriter.named(name),
                    type.of(weight.shape()),
                    weight.shape(),
                    () ->
                        GgufArchitecture.LLAMA.stored(
                            name, weight, config.heads(), config.keyValueHeads())));
    return writer;
  }

  /** Matrices that are computed where they are asked for, in the scope of who asks. */
  @ParameterizedTest
  @EnumSource(
      value = WeightForm.class,
      names = {"BF16", "INT8", "Q4_0", "NF4"})
  void doraFreesTheMatricesThatItMeasuresNormsOf(WeightForm form) {
    Llama held = Llama.load(base, Device.CPU, DType.F32, Optional.of(form));
    List<Tensor> expanded = new ArrayList<>();
    FrozenWeights watched =
        (layer, projection) -> {
          Tensor matrix = held.frozenWeights().of(layer, projection);
          expanded.add(matrix);
          return matrix;
        };
    AdapterConfig dora =
        AdapterConfig.mixture(AdapterConfig.allTargets(), 2, 4, 8, 0).in(new LoraForm(false, true));
    int matrices = dora.targets().size() * held.config().layers();
    Adapters adapters = Adapters.create(dora, held.config().shape(), watched, 2, Device.CPU);
    assertEquals(matrices, expanded.size());
    Tensor gate = Tensor.full(0.5, DType.F32, Device.CPU, 2, 2);
    for (int pass = 2; pass < 5; pass++) {
      Adaptation.of(adapters, gate, false).over(watched);
      assertEquals(pass * matrices, expanded.size());
    }
    assertTrue(expanded.stream().allMatch(Freed::is));
    adapters.parameters().values().forEach(parameter -> assertFalse(Freed.is(parameter)));
  }

  @Test
  void heldWeightsCannotBeTrained() {
    Llama held = Llama.load(base, Device.CPU, DType.F32, Optional.of(WeightForm.INT8));
    assertFalse(held.parameters().containsKey("model.embed_tokens.weight"));
    assertThrows(IllegalStateException.class, () -> held.trainable(true));
  }

  @Test
  void aWeightThatIsTooLargeForTheFormIsRefusedByName() {
    Llama large = Llama.load(base, Device.CPU, DType.F32);
    large.parameters().get("model.layers.1.mlp.up_proj.weight").mulInPlace(1e9);
    Path copy = folder.resolve("large");
    large.save(copy, DType.F32);
    var refused =
        assertThrows(
            BadInputException.class,
            () -> Llama.load(copy, Device.CPU, DType.F32, Optional.of(WeightForm.Q4_0)));
    assertTrue(refused.getMessage().contains("model.layers.1.mlp.up_proj.weight"));
  }
}
