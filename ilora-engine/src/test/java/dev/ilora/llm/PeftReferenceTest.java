package dev.ilora.llm;

import static dev.ilora.llm.ReferenceBatch.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that the PEFT library saved, with the logits it gives. */
class PeftReferenceTest {
  private static final double TOLERANCE = 1e-4;
  private static final Path FOLDER = ReferenceFiles.of("peft");

  private static Llama llama() {
    return Llama.load(FOLDER.resolve("llama"), Device.CPU, DType.F32);
  }

  private static SafeTensors expected(String name) {
    return SafeTensors.open(FOLDER.resolve(name).resolve("expected.safetensors"));
  }

  private static Adapters load(String name, Llama llama) {
    return AdapterFolder.load(FOLDER.resolve(name), llama.config().shape(), Device.CPU);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-all", "lora-qv"})
  void plainLoraGivesPeftsLogitsLossAndGradients(String name) {
    try (var _ = Scope.open();
        var stored = expected(name)) {
      Llama llama = llama();
      Adapters adapters = load(name, llama);
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Adaptation adaptation = Adaptation.of(adapters, batch.lengths().length, false);
      Tensor embeddings = llama.embed(batch.ids());
      Tensor logits = batch.logits(llama, embeddings, adaptation);
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
      Tensor loss = batch.loss(llama, embeddings, adaptation);
      assertEquals(stored.load("loss").item(), loss.item(), TOLERANCE);
      loss.backward();
      for (String gradient : stored.names().stream().filter(n -> n.startsWith("grad.")).toList()) {
        Tensor own = adapters.parameters().get(gradient.substring("grad.".length())).grad();
        assertClose(gradient, stored.load(gradient), own, TOLERANCE);
      }
    }
  }

  @Test
  void aMixtureWithAFixedGateIsPeftsWeightedSum() {
    try (var _ = Scope.open();
        var stored = expected("mixture")) {
      Llama llama = llama();
      ReferenceBatch batch = ReferenceBatch.of(stored);
      List<Adapters> experts =
          IntStream.range(0, 3).mapToObj(k -> load("mixture/expert" + k, llama)).toList();
      for (int k = 0; k < 3; k++) {
        Adaptation one = Adaptation.of(experts.get(k), batch.lengths().length, false);
        Tensor logits = batch.logits(llama, llama.embed(batch.ids()), one);
        assertClose("expert " + k, stored.load("logits.expert" + k), logits, TOLERANCE);
      }
      Tensor gate = stored.load("gate").view(1, 3).expand(batch.lengths().length, 3);
      Adaptation mixture = Adaptation.of(stacked(experts), gate, false);
      Tensor logits = batch.logits(llama, llama.embed(batch.ids()), mixture);
      assertClose("mixture", stored.load("logits"), logits, TOLERANCE);
    }
  }

  /** One mixture of experts that were saved one by one. */
  private static Adapters stacked(List<Adapters> experts) {
    AdapterConfig one = experts.getFirst().config();
    int rank = one.totalRank() * experts.size();
    AdapterConfig config =
        AdapterConfig.mixture(one.targets(), experts.size(), rank, one.alpha(), one.dropout());
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (String name : experts.getFirst().parameters().keySet()) {
      int dimension = name.endsWith("lora_A.weight") ? 0 : 1;
      List<Tensor> parts = experts.stream().map(e -> e.parameters().get(name)).toList();
      parameters.put(name, Tensor.cat(parts, dimension));
    }
    return Adapters.of(config, experts.getFirst().shape(), parameters);
  }
}
