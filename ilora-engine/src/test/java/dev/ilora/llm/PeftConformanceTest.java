package dev.ilora.llm;

import static dev.ilora.llm.ReferenceBatch.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.DecoderShape;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every form of LoRA that PEFT saves, over tiny models, with the logits it gives. */
@InScope
class PeftConformanceTest {
  private static final double TOLERANCE = 1e-4;

  @TempDir Path temporary;

  private static Path folder(String name) {
    return SharedFiles.require("conformance/peft").resolve(name);
  }

  private static Llama base(String family) {
    Path path = ReferenceFiles.of("families").resolve(family);
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
  @CsvSource({
    "lora-all, llama",
    "lora-rslora, llama",
    "lora-patterns, llama",
    "lora-dora, llama",
    "lora-dora-rslora-patterns, llama",
    "lora-layers, llama",
    "lora-exclude, llama",
    "lora-tied, qwen2",
    "lora-phi3, phi3"
  })
  void mergedWeightsArePeftsAndGiveItsLogits(String name, String family) {
    Llama llama = base(family);
    Adapters adapters = AdapterFolder.load(folder(name), llama.config().shape(), Device.CPU);
    MergedWeights.merge(llama, adapters);
    llama.save(temporary);
    try (var stored = expected(name);
        var merged = SafeTensors.open(temporary.resolve("model.safetensors"))) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Tensor logits = batch.logits(llama, llama.embed(batch.ids()), Adaptation.NONE);
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
      JsonNode sums = JsonMapper.shared().readTree(folder(name).resolve("merged.json"));
      assertFalse(sums.isEmpty());
      for (var projection : sums.properties()) {
        float[] values = merged.load(projection.getKey()).toFloats();
        double sum = 0;
        double squares = 0;
        for (float value : values) {
          sum += value;
          squares += (double) value * value;
        }
        double l2 = projection.getValue().get("l2").asDouble();
        assertEquals(l2, Math.sqrt(squares), 1e-5 * l2, projection.getKey());
        double mean = projection.getValue().get("mean").asDouble();
        assertEquals(mean, sum / values.length, 1e-6, projection.getKey());
      }
    }
  }

  @Test
  void aMixtureIsNotMerged() {
    Llama llama = base("llama");
    AdapterConfig two = AdapterConfig.mixture(AdapterConfig.allTargets(), 2, 4, 8, 0);
    Adapters adapters = Adapters.create(two, llama.config().shape(), 1, Device.CPU);
    assertEquals(
        "a mixture is another model for every user: fix its expert weights first",
        assertThrows(IllegalArgumentException.class, () -> MergedWeights.merge(llama, adapters))
            .getMessage());
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

  private static Tensor virtualTokens(String name, Llama llama) {
    var adapter = AdapterFolder.open(folder(name), llama.config().shape(), Device.CPU);
    return ((PeftAdapter.VirtualTokens) adapter).embeddings();
  }

  /** Virtual tokens in front of a batch of three, (3, V + T, C). */
  private static Tensor behind(Tensor tokens, Tensor embeddings) {
    return Tensor.cat(List.of(tokens.unsqueeze(0).expand(3, 4, 48), embeddings), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt-tuning", "p-tuning"})
  void virtualTokensGivePeftsLogitsAndLoss(String name) {
    Llama llama = base("llama");
    Tensor tokens = virtualTokens(name, llama);
    try (var stored = expected(name)) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Tensor input = behind(tokens, llama.embed(batch.ids()));
      Tensor hidden = llama.hidden(input, Attention.causal(), Adaptation.NONE);
      Tensor logits = llama.logits(hidden.slice(1, 4, hidden.size(1))).mul(batch.real());
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
    }
  }

  @Test
  void virtualTokensGetPeftsGradients() {
    Llama llama = base("llama");
    Tensor tokens = virtualTokens("prompt-tuning", llama).requiresGrad(true);
    try (var stored = expected("prompt-tuning")) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      int[] lengths = Arrays.stream(batch.lengths()).map(length -> 4 + length).toArray();
      // Flat places in rows that are four tokens longer.
      long[] places = batch.answers(1).toLongs();
      Arrays.setAll(places, i -> places[i] + 4 * (1 + places[i] / batch.ids().size(1)));
      TrainingPass pass =
          llama.trainingPass(
              behind(tokens, llama.embed(batch.ids())),
              Attention.causal(lengths),
              Adaptation.NONE,
              Tensor.of(places, places.length),
              false);
      Tensor targets = batch.ids().reshape(-1).indexSelect(0, batch.answers(0));
      float[] shares = new float[(int) targets.size(0)];
      Arrays.fill(shares, 1f / shares.length);
      double loss = pass.backward(targets, Tensor.of(shares, shares.length));
      assertEquals(stored.load("loss").item(), loss, TOLERANCE);
      assertClose("gradient", stored.load("grad.prompt_embeddings"), tokens.grad(), TOLERANCE);
    }
  }

  /** What a prefix does in the place of tokens is what PEFT's does in a cache. */
  @Test
  void aPrefixInPlaceOfTokensGivesPeftsLogitsAndGradients() {
    Llama llama = base("llama");
    var opened = AdapterFolder.open(folder("prefix-tuning"), llama.config().shape(), Device.CPU);
    Tensor learned = ((PeftAdapter.Prefix) opened).keysAndValues().detach().requiresGrad(true);
    Adaptation adaptation = Adaptation.of(new PeftAdapter.Prefix(learned));
    try (var stored = expected("prefix-tuning")) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      Tensor input = behind(Tensor.zeros(4, 48), llama.embed(batch.ids()));
      Tensor hidden = llama.hidden(input, Attention.causal(), adaptation);
      Tensor logits = llama.logits(hidden.slice(1, 4, hidden.size(1))).mul(batch.real());
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
      int[] lengths = Arrays.stream(batch.lengths()).map(length -> 4 + length).toArray();
      long[] places = batch.answers(1).toLongs();
      Arrays.setAll(places, i -> places[i] + 4 * (1 + places[i] / batch.ids().size(1)));
      Tensor targets = batch.ids().reshape(-1).indexSelect(0, batch.answers(0));
      float[] shares = new float[(int) targets.size(0)];
      Arrays.fill(shares, 1f / shares.length);
      for (boolean checkpoint : new boolean[] {false, true}) {
        learned.clearGrad();
        double loss =
            llama
                .trainingPass(
                    input,
                    Attention.causal(lengths),
                    adaptation,
                    Tensor.of(places, places.length),
                    checkpoint)
                .backward(targets, Tensor.of(shares, shares.length));
        assertEquals(stored.load("loss").item(), loss, TOLERANCE);
        Tensor gradient = learned.grad().view(4, 96);
        assertClose("gradient", stored.load("grad.prompt_embeddings"), gradient, TOLERANCE);
      }
    }
  }

  /** Written and read, and begun with the keys and values of tokens. */
  @Test
  void aPrefixOfTokensDoesWhatTheTokensDo(@TempDir Path written) {
    Llama llama = base("llama");
    int[] before = {7, 40, 3};
    int[] after = {12, 90, 5, 33, 18};
    int[] all = {7, 40, 3, 12, 90, 5, 33, 18};
    AdapterFolder.savePrefix(
        PrefixCache.ofTokens(llama, before), llama.config().keyValueHeads(), written, "base");
    assertEquals(3, AdapterFolder.virtualTokens(written));
    assertTrue(AdapterFolder.holdsPrefix(written));
    var prefix =
        (PeftAdapter.Prefix) AdapterFolder.open(written, llama.config().shape(), Device.CPU);
    Tensor embedded = llama.embed(Tensor.ofInts(all, 1, 8));
    Tensor expected = llama.hidden(embedded, Attention.causal(), Adaptation.NONE).slice(1, 3, 8);
    Tensor cached =
        llama.hidden(
            llama.embed(Tensor.ofInts(after, 1, 5)),
            new Attention.Cached(
                PrefixCache.of(llama, prefix, 1, 5),
                Tensor.arange(8, Device.CPU).slice(0, 3, 8),
                null),
            Adaptation.NONE);
    assertClose("cached", expected, cached, TOLERANCE);
    Tensor others = llama.embed(Tensor.ofInts(new int[] {1, 1, 1, 12, 90, 5, 33, 18}, 1, 8));
    Tensor placed = llama.hidden(others, Attention.causal(), Adaptation.of(prefix));
    assertClose("placed", expected, placed.slice(1, 3, 8), TOLERANCE);
  }

  @Test
  void aPrefixGivesPeftsLogits() {
    Llama llama = base("llama");
    Path folder = folder("prefix-tuning");
    var adapter = AdapterFolder.open(folder, llama.config().shape(), Device.CPU);
    try (var stored = expected("prefix-tuning")) {
      ReferenceBatch batch = ReferenceBatch.of(stored);
      KvCache cache = PrefixCache.of(llama, (PeftAdapter.Prefix) adapter, 3, 24);
      assertEquals(4, cache.columns());
      Tensor positions = Tensor.arange(28, Device.CPU).slice(0, 4, 28);
      Tensor hidden =
          llama.hidden(
              llama.embed(batch.ids()),
              new Attention.Cached(cache, positions, null),
              Adaptation.NONE);
      Tensor logits = llama.logits(hidden).mul(batch.real());
      assertClose("logits", stored.load("logits"), logits, TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"num_virtual_tokens\": 4 | \"num_virtual_tokens\": 5 | expected shape [5, 48], got [4,"
            + " 48]",
        "\"num_virtual_tokens\": 4 | \"num_virtual_tokens\": 0 | num_virtual_tokens: expected 1 to"
            + " 16384, got 0",
        "\"num_virtual_tokens\": 4 | \"x\": 4 | x 4 is not supported",
        "\"num_transformer_submodules\": 1 | \"num_transformer_submodules\": 2 |"
            + " num_transformer_submodules 2 is not supported",
        "CAUSAL_LM | SEQ_CLS | task_type SEQ_CLS is not supported"
      })
  void virtualTokensThatMeanSomethingElseAreRefused(String from, String to, String message)
      throws IOException {
    Path given = folder("prompt-tuning");
    String config = Files.readString(given.resolve("adapter_config.json"));
    assertTrue(config.contains(from), config);
    Files.writeString(temporary.resolve("adapter_config.json"), config.replace(from, to));
    Files.copy(
        given.resolve("adapter_model.safetensors"), temporary.resolve("adapter_model.safetensors"));
    DecoderShape shape = base("llama").config().shape();
    String refusal =
        assertThrows(
                BadInputException.class, () -> AdapterFolder.open(temporary, shape, Device.CPU))
            .getMessage();
    assertTrue(refusal.contains(message), refusal);
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
