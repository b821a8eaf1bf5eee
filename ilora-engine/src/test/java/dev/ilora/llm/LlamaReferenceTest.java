package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder and the mixture against an independent implementation's stored results. */
class LlamaReferenceTest {
  private static final double TOLERANCE = 1e-4;
  private static final int ANSWER = 4;

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha-untied", "llama-gqa-tied"})
  void logitsOfPaddedBatches(String name) {
    Path folder = SharedFiles.require("conformance/llm/" + name);
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder.resolve("plain.safetensors"))) {
      Llama llama = Llama.load(folder, Device.CPU, DType.F32);
      Tensor ids = stored.load("input_ids");
      Tensor hidden = llama.hidden(llama.embed(ids), Attention.causal(), Adaptation.NONE);
      Tensor real = real(ids, stored.load("lengths").toInts());
      assertClose("logits", stored.load("logits"), llama.logits(hidden).mul(real), TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha-untied", "llama-gqa-tied"})
  void mixtureLogitsLossAndEveryGradient(String name) {
    Path folder = SharedFiles.require("conformance/llm/" + name);
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder.resolve("ilora.safetensors"))) {
      Llama llama = Llama.load(folder, Device.CPU, DType.F32);
      Tensor ids = stored.load("input_ids");
      int[] lengths = stored.load("lengths").toInts();
      Adapters adapters = adapters(llama, stored);
      Gate gate = gate(stored);
      Tensor weights = gate.weights(stored.load("sequence_embedding"), true);
      assertClose("gate", stored.load("gate"), weights, 1e-6);

      Tensor embeddings = llama.embed(ids).detach().requiresGrad(true);
      Adaptation adaptation = Adaptation.of(adapters, weights, true);
      Tensor hidden = llama.hidden(embeddings, Attention.causal(), adaptation);
      Tensor logits = llama.logits(hidden);
      assertClose("logits", stored.load("logits"), logits.mul(real(ids, lengths)), TOLERANCE);

      Tensor positions = answers(lengths, (int) ids.size(1), 1);
      Tensor targets = ids.reshape(-1).indexSelect(0, answers(lengths, (int) ids.size(1), 0));
      Tensor at = llama.hiddenAt(embeddings, Attention.causal(), adaptation, positions);
      Tensor loss = Layers.crossEntropy(llama.logits(at), targets);
      assertEquals(stored.load("loss").item(), loss.item(), TOLERANCE);
      loss.backward();
      checkGradients(stored, adapters, gate, embeddings);
    }
  }

  private static void checkGradients(
      SafeTensors stored, Adapters adapters, Gate gate, Tensor embeddings) {
    assertClose(
        "grad.input_embeddings",
        stored.load("grad.input_embeddings"),
        embeddings.grad(),
        TOLERANCE);
    assertClose(
        "grad.gate_weight",
        stored.load("grad.gate_weight"),
        gate.parameters().get("weight").grad(),
        TOLERANCE);
    for (int layer = 0; layer < adapters.shape().layers(); layer++) {
      for (Projection projection : Projection.values()) {
        String stem = "grad." + layer + "." + projection.path();
        assertClose(
            stem + ".down",
            stackedDown(stored.load(stem + ".down")),
            adapters.mixture(layer, projection).down().grad(),
            TOLERANCE);
        assertClose(
            stem + ".up",
            stackedUp(stored.load(stem + ".up")),
            adapters.mixture(layer, projection).up().grad(),
            TOLERANCE);
      }
    }
  }

  private static Adapters adapters(Llama llama, SafeTensors stored) {
    int experts = Integer.parseInt(stored.metadata().get("experts"));
    int rank = Integer.parseInt(stored.metadata().get("rank_per_expert"));
    double alpha = Double.parseDouble(stored.metadata().get("alpha"));
    AdapterConfig config =
        AdapterConfig.mixture(AdapterConfig.allTargets(), experts, experts * rank, alpha, 0);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (int layer = 0; layer < llama.config().layers(); layer++) {
      for (Projection projection : Projection.values()) {
        String stem = layer + "." + projection.path();
        parameters.put(
            Adapters.downName(layer, projection),
            stackedDown(stored.load(stem + ".down")).requiresGrad(true));
        parameters.put(
            Adapters.upName(layer, projection),
            stackedUp(stored.load(stem + ".up")).requiresGrad(true));
      }
    }
    return Adapters.of(config, llama.config().shape(), parameters);
  }

  private static Gate gate(SafeTensors stored) {
    Tensor weight = stored.load("gate_weight");
    GateConfig config =
        GateConfig.of(GateConfig.Kind.LINEAR, (int) weight.size(1), (int) weight.size(0), 1);
    return Gate.of(config, Map.of("weight", weight));
  }

  /** (K, R, I) to (K·R, I). */
  private static Tensor stackedDown(Tensor down) {
    return down.reshape(-1, down.size(2));
  }

  /** (K, O, R) to (O, K·R). */
  private static Tensor stackedUp(Tensor up) {
    return up.permute(1, 0, 2).reshape(up.size(1), -1).copy();
  }

  /** Flat positions of each row's last tokens, shifted back. */
  private static Tensor answers(int[] lengths, int columns, int back) {
    List<Long> flat = new ArrayList<>();
    for (int row = 0; row < lengths.length; row++) {
      for (int i = lengths[row] - ANSWER; i < lengths[row]; i++) {
        flat.add((long) row * columns + i - back);
      }
    }
    return Tensor.of(flat.stream().mapToLong(Long::longValue).toArray(), flat.size());
  }

  private static Tensor real(Tensor ids, int[] lengths) {
    int columns = (int) ids.size(1);
    float[] real = new float[lengths.length * columns];
    for (int row = 0; row < lengths.length; row++) {
      java.util.Arrays.fill(real, row * columns, row * columns + lengths[row], 1);
    }
    return Tensor.of(real, lengths.length, columns, 1);
  }

  /** The largest difference relative to the largest expected value. */
  private static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
    actual.requireShape(what, expected.shape());
    float[] a = expected.toFloats();
    float[] b = actual.toFloats();
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      assertTrue(Float.isFinite(b[i]), what + " is not finite");
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      scale = Math.max(scale, Math.abs(a[i]));
    }
    assertTrue(
        difference <= tolerance * scale,
        what + " differs by " + difference + ", largest value " + scale);
  }
}
