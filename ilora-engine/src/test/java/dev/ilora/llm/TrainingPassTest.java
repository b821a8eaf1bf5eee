package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.LoraForm;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pass written out by hand against the graph of {@link Llama#hiddenAt}. */
@OneThread
@InScope
class TrainingPassTest {
  private static final int BATCH = 2;
  // Two whole blocks of queries and a part of one.
  private static final int TOKENS = 101;
  // Tokens of the second sequence whose results are used.
  private static final int SHORTER = 80;
  private static final int EXPERTS = 3;
  private static final Set<Projection> ALL = AdapterConfig.allTargets();

  private static LlamaConfig config(int groups, boolean biases) {
    LlamaConfig small = LlamaConfig.small(23, 16, 40, 3, 4, groups, 128);
    Rope rope = new Rope(8, 1e4, new RopeScaling.None());
    return new LlamaConfig(
        Family.LLAMA,
        small.vocabularySize(),
        small.hiddenSize(),
        small.intermediateSize(),
        small.heads(),
        groups,
        8,
        small.maxPositions(),
        small.normEpsilon(),
        true,
        DecoderForm.llama(8, 3, rope, biases ? Biases.ALL : Biases.NONE),
        1,
        List.of(2));
  }

  private static Llama llama(LlamaConfig config) {
    Llama llama = Llama.create(config, 5, Device.CPU).trainable(false);
    Torch.seed(3);
    llama.parameters().values().stream()
        .forEach(
            weight -> {
              if (weight.dim() == 2) {
                weight.mulInPlace(8);
              } else {
                weight.addInPlace(Tensor.randn(weight.shape()), 0.2);
              }
            });
    return llama;
  }

  /** What one pass computes: the hidden states and the gradients by name. */
  private record Outcome(float[] hidden, Map<String, float[]> gradients) {}

  /** A way to run it. */
  private enum Way {
    GRAPH,
    BY_HAND,
    CHECKPOINTED,
    PACKED
  }

  private static Outcome run(
      Llama llama, Set<Projection> targets, double dropout, boolean gatePerLayer, Way way) {
    return run(llama, targets, dropout, gatePerLayer, LoraForm.PLAIN, way);
  }

  private static Outcome run(
      Llama llama,
      Set<Projection> targets,
      double dropout,
      boolean gatePerLayer,
      LoraForm form,
      Way way) {
    AdapterConfig mixture = AdapterConfig.mixture(targets, EXPERTS, 6, 8, dropout).in(form);
    Adapters adapters =
        Adapters.create(mixture, llama.config().shape(), llama.frozenWeights(), 2, Device.CPU);
    Torch.seed(9);
    Torch.noGrad(
        () ->
            adapters
                .parameters()
                .forEach(
                    (name, weight) -> {
                      if (name.endsWith("magnitude_vector")) {
                        weight.mulInPlace(Tensor.randn(weight.shape()).mul(0.1).add(1));
                      } else {
                        weight.normalInPlace(0, 0.1);
                      }
                    }));
    Tensor embeddings = Tensor.randn(BATCH, TOKENS, 16).requiresGrad(true);
    Tensor gate =
        gatePerLayer
            ? Tensor.randn(3, BATCH, EXPERTS).requiresGrad(true)
            : Tensor.randn(BATCH, EXPERTS).requiresGrad(true);
    long[] places = {40, 99, 100, TOKENS + 12, TOKENS + SHORTER - 1};
    Tensor positions = Tensor.of(places, places.length);
    Tensor weights = Tensor.randn(places.length, 16);
    // Twice: what is not cleared adds up.
    float[] values = null;
    for (int pass = 0; pass < 2; pass++) {
      Torch.seed(pass);
      Adaptation adaptation = Adaptation.of(adapters, gate.softmax(-1), true);
      // A graph before the embeddings, as a projector makes one.
      Tensor input = embeddings.mul(2);
      Tensor hidden;
      if (way == Way.GRAPH) {
        hidden = llama.hiddenAt(input, Attention.causal(), adaptation, positions);
        hidden.to(DType.F32).mul(weights).sum().backward();
      } else {
        TrainingPass own =
            llama.trainingPass(
                input, attention(way), adaptation, positions, way == Way.CHECKPOINTED);
        hidden = own.hidden();
        own.backward(weights.to(hidden.dtype()));
      }
      values = hidden.toFloats();
    }
    Map<String, float[]> gradients = new LinkedHashMap<>();
    gradients.put("embeddings", embeddings.grad().toFloats());
    gradients.put("gate", gate.grad().toFloats());
    adapters.parameters().forEach((name, weight) -> gradients.put(name, weight.grad().toFloats()));
    return new Outcome(values, gradients);
  }

  private static Attention.Causal attention(Way way) {
    return way == Way.PACKED ? Attention.causal(new int[] {TOKENS, SHORTER}) : Attention.causal();
  }

  private static void assertClose(Outcome expected, Outcome given, double tolerance) {
    assertClose("hidden", expected.hidden(), given.hidden(), tolerance);
    assertEquals(expected.gradients().keySet(), given.gradients().keySet());
    expected
        .gradients()
        .forEach(
            (name, gradient) ->
                assertClose(name, gradient, given.gradients().get(name), tolerance));
  }

  /** Largest difference relative to the root mean square. */
  private static void assertClose(String name, float[] expected, float[] given, double tolerance) {
    double squares = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += (double) expected[i] * expected[i];
      worst = Math.max(worst, Math.abs(expected[i] - given[i]));
    }
    double size = Math.sqrt(squares / expected.length);
    assertTrue(size > 0, name + " is zero");
    assertTrue(worst <= tolerance * size, "%s: %g of %g".formatted(name, worst, size));
  }

  @Test
  void givesTheHiddenStatesAndAllGradientsOfTheGraph() {
    Llama llama = llama(config(2, false));
    Outcome graph = run(llama, ALL, 0, false, Way.GRAPH);
    assertClose(graph, run(llama, ALL, 0, false, Way.BY_HAND), 1e-4);
    assertClose(graph, run(llama, ALL, 0, false, Way.CHECKPOINTED), 1e-4);
  }

  @Test
  void leavesOutPaddingWithoutAnyDifference() {
    Llama llama = llama(config(2, true));
    for (boolean gatePerLayer : new boolean[] {false, true}) {
      Outcome graph = run(llama, ALL, 0, gatePerLayer, Way.GRAPH);
      assertClose(graph, run(llama, ALL, 0, gatePerLayer, Way.PACKED), 1e-4);
    }
  }

  @Test
  void followsDropoutGatesPerLayerAndBiases() {
    Llama llama = llama(config(4, true));
    Outcome graph = run(llama, ALL, 0.3, true, Way.GRAPH);
    assertClose(graph, run(llama, ALL, 0.3, true, Way.BY_HAND), 1e-4);
    assertClose(graph, run(llama, ALL, 0.3, true, Way.CHECKPOINTED), 1e-4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesTheGradientsOfTheGraphWithDora(boolean biases) {
    givesTheGradientsOfTheGraphWithDora(config(2, biases));
  }

  @ParameterizedTest
  @EnumSource(names = {"GEMMA", "OLMO", "GRANITE"})
  void givesTheGradientsOfTheGraphWithDoraForOtherNormsAndScales(TinyForm form) {
    givesTheGradientsOfTheGraphWithDora(form.of(config(2, false)));
  }

  private static void givesTheGradientsOfTheGraphWithDora(LlamaConfig config) {
    LoraForm dora = new LoraForm(true, true);
    Llama llama = llama(config);
    for (boolean gatePerLayer : new boolean[] {false, true}) {
      Outcome graph = run(llama, ALL, 0, gatePerLayer, dora, Way.GRAPH);
      for (Way way : List.of(Way.BY_HAND, Way.CHECKPOINTED, Way.PACKED)) {
        assertClose(graph, run(llama, ALL, 0, gatePerLayer, dora, way), 2e-4);
      }
    }
    Outcome graph = run(llama, ALL, 0.3, false, dora, Way.GRAPH);
    assertClose(graph, run(llama, ALL, 0.3, false, dora, Way.BY_HAND), 2e-4);
  }

  @Test
  void leavesOutProjectionsThatAreNotAdapted() {
    Llama llama = llama(config(1, false));
    for (Set<Projection> targets :
        List.of(
            EnumSet.of(Projection.Q_PROJ, Projection.V_PROJ),
            EnumSet.of(Projection.O_PROJ, Projection.UP_PROJ),
            EnumSet.of(Projection.DOWN_PROJ))) {
      Outcome graph = run(llama, targets, 0, false, Way.GRAPH);
      assertClose(graph, run(llama, targets, 0, false, Way.BY_HAND), 1e-4);
    }
  }

  @Test
  void recomputingLayersChangesNoBit() {
    Llama llama = llama(config(2, false));
    Outcome remembered = run(llama, ALL, 0.3, false, Way.BY_HAND);
    assertClose(remembered, run(llama, ALL, 0.3, false, Way.CHECKPOINTED), 0);
  }

  @Test
  void staysNearTheFullPrecisionGradientsInBf16() {
    staysNearTheFullPrecisionGradientsInBf16(llama(config(2, false)));
  }

  @ParameterizedTest
  @EnumSource(names = {"GEMMA", "OLMO", "GRANITE"})
  void staysNearTheFullPrecisionGradientsInBf16ForOtherNormsAndScales(TinyForm form) {
    staysNearTheFullPrecisionGradientsInBf16(llama(form.of(config(2, false))));
  }

  private static void staysNearTheFullPrecisionGradientsInBf16(Llama llama) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    llama.parameters().forEach((name, weight) -> weights.put(name, weight.to(DType.BF16)));
    Llama rounded = Llama.of(llama.config(), weights).trainable(false);
    Outcome exact = run(llama, ALL, 0, false, Way.GRAPH);
    Outcome graph = run(rounded, ALL, 0, false, Way.GRAPH);
    double graphError = error(exact, graph);
    for (Way way : List.of(Way.BY_HAND, Way.PACKED)) {
      double ownError = error(exact, run(rounded, ALL, 0, false, way));
      assertTrue(ownError < 1.5 * graphError, "%g, the graph %g".formatted(ownError, graphError));
    }
  }

  /** Layers of every form are passed back through by hand as by the graph. */
  @ParameterizedTest
  @EnumSource(TinyForm.class)
  void givesTheGradientsOfTheGraphForEveryForm(TinyForm form) {
    Llama llama = llama(form.of(config(2, false)));
    Outcome graph = run(llama, ALL, 0.3, true, Way.GRAPH);
    assertClose(graph, run(llama, ALL, 0.3, true, Way.BY_HAND), 1e-4);
    assertClose(graph, run(llama, ALL, 0.3, true, Way.CHECKPOINTED), 1e-4);
    if (!llama.config().form().dependsOnLength()) {
      assertClose(run(llama, ALL, 0, true, Way.GRAPH), run(llama, ALL, 0, true, Way.PACKED), 1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource(TinyForm.class)
  void trainsWeightsOfEveryFormAsTheGraphDoes(TinyForm form) {
    trainsWeightsAsTheGraphDoes(form.of(config(2, false)), 150);
  }

  /** Distance of all gradients relative to their length. */
  private static double error(Outcome expected, Outcome given) {
    double distance = 0;
    double length = 0;
    for (String name : expected.gradients().keySet()) {
      float[] wanted = expected.gradients().get(name);
      for (int i = 0; i < wanted.length; i++) {
        double difference = wanted[i] - given.gradients().get(name)[i];
        distance += difference * difference;
        length += (double) wanted[i] * wanted[i];
      }
    }
    return Math.sqrt(distance / length);
  }

  /** Few positions leave most of the last layer out, many do not. */
  @ParameterizedTest
  @ValueSource(ints = {3, 150})
  void trainsWeightsAsTheGraphDoes(int positions) {
    trainsWeightsAsTheGraphDoes(config(2, true), positions);
  }

  private static void trainsWeightsAsTheGraphDoes(LlamaConfig config, int positions) {
    Llama llama = llama(config).trainable(true);
    long[] tokens = new long[BATCH * TOKENS];
    Arrays.setAll(tokens, i -> (i * 37L) % llama.config().vocabularySize());
    long[] places = new long[positions];
    long[] next = new long[positions];
    float[] weights = new float[positions];
    for (int i = 0; i < positions; i++) {
      int place = i * (TOKENS + SHORTER) / positions;
      places[i] = place;
      next[i] = (place * 11L) % llama.config().vocabularySize();
      weights[i] = 0.1f + i % 3;
    }
    Tensor at = Tensor.of(places, positions);
    Tensor targets = Tensor.of(next, positions);
    Tensor shares = Tensor.of(weights, positions);

    Tensor input = llama.embed(Tensor.of(tokens, BATCH, TOKENS));
    var attention = Attention.causal(new int[] {TOKENS, SHORTER});
    // Sequences of unlike angles have to say how long they are.
    Attention all = config.form().dependsOnLength() ? attention : Attention.causal();
    Tensor hidden = llama.hiddenAt(input, all, Adaptation.NONE, at);
    Tensor likely = llama.logits(hidden).logSoftmax(-1).gather(1, targets.unsqueeze(1)).squeeze(1);
    Tensor loss = likely.mul(shares).sum().mul(-1);
    loss.backward();
    Outcome graph = new Outcome(hidden.toFloats(), weightGradients(llama));

    TrainingPass pass =
        llama.trainingPass(
            llama.embed(Tensor.of(tokens, BATCH, TOKENS)), attention, Adaptation.NONE, at, false);
    double own = pass.backward(targets, shares);
    assertEquals(loss.item(), own, 1e-4 * loss.item());
    assertClose(graph, new Outcome(pass.hidden().toFloats(), weightGradients(llama)), 1e-4);
  }

  private static Map<String, float[]> weightGradients(Llama llama) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    llama
        .parameters()
        .forEach(
            (name, weight) -> {
              // Keys take no notice of what is added to all of them.
              if (!name.endsWith("k_proj.bias")) {
                gradients.put(name, weight.grad().toFloats());
              }
              weight.clearGrad();
            });
    return gradients;
  }
}
