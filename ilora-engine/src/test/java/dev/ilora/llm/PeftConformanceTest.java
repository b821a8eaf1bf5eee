package dev.ilora.llm;

import static dev.ilora.llm.ReferenceBatch.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of LoRA that PEFT saves, over tiny models, with the logits it gives. */
@InScope
class PeftConformanceTest {
  private static final double TOLERANCE = 1e-4;

  @TempDir Path temporary;

  private static Path folder(String name) {
    return SharedFiles.require("conformance/peft").resolve(name);
  }

  private static Llama base(String family) {
    Path path = SharedFiles.require("conformance/llm/families").resolve(family);
    return Llama.load(path, Device.CPU, DType.F32);
  }

  private static SafeTensors expected(String name) {
    return SafeTensors.open(folder(name).resolve("expected.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({
    "lora-all, llama",
    "lora-qv, llama",
    "lora-rslora, llama",
    "lora-patterns, llama",
    "lora-dora, llama",
    "lora-dora-rslora-patterns, llama",
    "lora-layers, llama",
    "lora-regex, llama",
    "lora-all-linear, llama",
    "lora-exclude, llama",
    "lora-tied, qwen2",
    "lora-phi3, phi3"
  })
  void everyFormGivesPeftsLogitsAndSavedAgainToo(String name, String family) {
    Llama llama = base(family);
    Adapters adapters = AdapterFolder.load(folder(name), llama.config().shape(), Device.CPU);
    requireLogits(name, llama, adapters);
    AdapterFolder.save(adapters, temporary, family);
    Adapters back = AdapterFolder.load(temporary, llama.config().shape(), Device.CPU);
    assertEquals(adapters.config(), back.config());
    requireLogits(name, llama, back);
    requireLogits(name, llama, adapters.withFixed(Tensor.of(new float[] {1}, 1)));
  }

  private static void requireLogits(String name, Llama llama, Adapters adapters) {
    try (var stored = expected(name)) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Adaptation adaptation = Adaptation.of(adapters, batch.lengths().length, false);
      Tensor logits = batch.logits(llama, llama.embed(batch.ids()), adaptation);
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-all", "lora-dora"})
  void graphAndPassByHandGivePeftsGradients(String name) {
    Llama llama = base("llama");
    Adapters adapters = AdapterFolder.load(folder(name), llama.config().shape(), Device.CPU);
    try (var stored = expected(name)) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Adaptation adaptation = Adaptation.of(adapters, batch.lengths().length, false);
      Tensor loss = batch.loss(llama, llama.embed(batch.ids()), adaptation);
      assertEquals(stored.load("loss").item(), loss.item(), TOLERANCE);
      loss.backward();
      requireGradients(stored, adapters);

      TrainingPass pass =
          llama.trainingPass(
              llama.embed(batch.ids()),
              Attention.causal(batch.lengths()),
              adaptation,
              batch.answers(1),
              false);
      Tensor targets = batch.ids().reshape(-1).indexSelect(0, batch.answers(0));
      float[] shares = new float[(int) targets.size(0)];
      Arrays.fill(shares, 1f / shares.length);
      double own = pass.backward(targets, Tensor.of(shares, shares.length));
      assertEquals(stored.load("loss").item(), own, TOLERANCE);
      requireGradients(stored, adapters);
    }
  }

  private static void requireGradients(SafeTensors stored, Adapters adapters) {
    List<String> names =
        stored.names().stream()
            .filter(name -> name.startsWith("grad."))
            .map(name -> name.substring("grad.".length()))
            .toList();
    assertEquals(adapters.parameters().size(), names.size());
    for (String name : names) {
      Tensor parameter = adapters.parameters().get(name);
      assertClose(name, stored.load("grad." + name), parameter.grad(), TOLERANCE);
      parameter.clearGrad();
    }
  }

  @Test
  void layersWithoutAdaptersStayWithoutThem() {
    Llama llama = base("llama");
    Path layers = folder("lora-layers");
    Adapters adapters = AdapterFolder.load(layers, llama.config().shape(), Device.CPU);
    assertTrue(adapters.adaptedIn(0).isEmpty());
    assertEquals(2, adapters.adaptedIn(1).size());
    assertFalse(adapters.parameters().keySet().stream().anyMatch(name -> name.contains("s.0.")));
  }

  @Test
  void anAdapterOfFusedMatricesIsRefusedOverOthers() {
    Path fused = folder("lora-phi3");
    Llama wide = base("gemma3");
    String message =
        assertThrows(
                BadInputException.class,
                () -> AdapterFolder.load(fused, wide.config().shape(), Device.CPU))
            .getMessage();
    assertTrue(message.contains("expected shape ["), message);
  }

  @ParameterizedTest
  @CsvSource({
    "lora-bias, bias lora_only",
    "lora-loraB-bias, lora_bias true",
    "lora-modules-to-save, modules_to_save",
    "lora-embedding, embed_tokens",
    "lora-bin, adapter_model.safetensors",
    "ia3, peft_type IA3"
  })
  void whatIsNotComputedIsRefusedByName(String name, String part) {
    Llama llama = base(name.equals("lora-bias") ? "qwen2" : "llama");
    Path refused = folder(name);
    String message =
        assertThrows(
                BadInputException.class,
                () -> AdapterFolder.load(refused, llama.config().shape(), Device.CPU))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
