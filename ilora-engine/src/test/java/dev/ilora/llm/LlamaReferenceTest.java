package dev.ilora.llm;

import static dev.ilora.llm.ReferenceBatch.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder and the mixture against an independent implementation's stored results. */
class LlamaReferenceTest {
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha-untied", "llama-gqa-tied"})
  void logitsOfPaddedBatches(String name) {
    Path folder = ReferenceFiles.of("llm/" + name);
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder.resolve("plain.safetensors"))) {
      Llama llama = Llama.load(folder, Device.CPU, DType.F32);
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Tensor logits = batch.logits(llama, llama.embed(batch.ids()), Adaptation.NONE);
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha-untied", "llama-gqa-tied"})
  void mixtureLogitsLossAndEveryGradient(String name) {
    Path folder = ReferenceFiles.of("llm/" + name);
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder.resolve("ilora.safetensors"))) {
      Llama llama = Llama.load(folder, Device.CPU, DType.F32);
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Adapters adapters = adapters(llama, stored);
      Gate gate = gate(stored);
      Tensor weights = gate.weights(stored.load("sequence_embedding"), true);
      assertClose("gate", stored.load("gate"), weights, 1e-6);

      Tensor embeddings = llama.embed(batch.ids()).detach().requiresGrad(true);
      Adaptation adaptation = Adaptation.of(adapters, weights, true);
      Tensor logits = batch.logits(llama, embeddings, adaptation);
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
      Tensor loss = batch.loss(llama, embeddings, adaptation);
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
    GateSizes sizes = new GateSizes((int) weight.size(1), (int) weight.size(0), 1);
    return Gate.of(new GateConfig.Linear(), sizes, Map.of("weight", weight));
  }

  /** (K, R, I) to (K·R, I). */
  private static Tensor stackedDown(Tensor down) {
    return down.reshape(-1, down.size(2));
  }

  /** (K, O, R) to (O, K·R). */
  private static Tensor stackedUp(Tensor up) {
    return up.permute(1, 0, 2).reshape(up.size(1), -1).copy();
  }
}
