package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Properties of the decoder on a tiny random model with grouped heads. */
@OneThread
@InScope
class LlamaTest {
  static final int V = 23;
  static final int C = 16;
  private static final LlamaConfig CONFIG = LlamaConfig.small(V, C, 40, 2, 4, 2, 64);
  private static final AdapterConfig MIXTURE =
      AdapterConfig.mixture(AdapterConfig.allTargets(), 3, 6, 8, 0.5);

  /** Weights large enough that every part matters. */
  static Llama model() {
    return model(CONFIG);
  }

  /** The same sizes with layers of another form. */
  static Llama model(TinyForm form) {
    return model(form.of(CONFIG));
  }

  private static Llama model(LlamaConfig config) {
    Llama llama = Llama.create(config, 5, Device.CPU).trainable(false);
    llama.parameters().values().stream()
        .filter(weight -> weight.dim() == 2)
        .forEach(weight -> weight.mulInPlace(8));
    return llama;
  }

  static Adapters adapters() {
    Adapters adapters = Adapters.create(MIXTURE, CONFIG.shape(), 2, Device.CPU);
    Torch.seed(9);
    Torch.noGrad(
        () ->
            adapters
                .parameters()
                .forEach(
                    (name, weight) -> {
                      if (name.contains("lora_B")) {
                        weight.normalInPlace(0, 0.1);
                      }
                    }));
    return adapters;
  }

  static Tensor expertWeights(int rows) {
    Torch.seed(4);
    return Tensor.randn(rows, 3).softmax(-1);
  }

  static float[] logits(Llama llama, int[][] rows, Adaptation adaptation) {
    int columns = Arrays.stream(rows).mapToInt(row -> row.length).max().getAsInt();
    long[] flat = new long[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < rows[row].length; i++) {
        flat[row * columns + i] = rows[row][i];
      }
    }
    Tensor embeddings = llama.embed(Tensor.of(flat, rows.length, columns));
    return llama.logits(llama.hidden(embeddings, Attention.causal(), adaptation)).toFloats();
  }

  @Test
  void rowsAndPaddingDoNotInfluenceEachOther() {
    Llama llama = model();
    Adapters adapters = adapters();
    Tensor weights = expertWeights(3);
    int[][] rows = {{1, 2, 3, 4, 5, 6, 7}, {8, 9, 10}, {11, 12, 13, 14, 15}};
    float[] together = logits(llama, rows, Adaptation.of(adapters, weights, false));
    for (int row = 0; row < rows.length; row++) {
      Tensor own = weights.slice(0, row, row + 1);
      float[] alone = logits(llama, new int[][] {rows[row]}, Adaptation.of(adapters, own, false));
      int from = row * 7 * V;
      assertArrayEquals(alone, Arrays.copyOfRange(together, from, from + alone.length), 1e-5f);
    }
  }

  /** Few and many, in any order, some rows without any, twice the same. */
  @Test
  void selectedPositionsAreThoseOfTheWhole() {
    Llama llama = model();
    Adaptation adaptation = Adaptation.of(adapters(), expertWeights(3), false);
    int[] tokens = new int[24];
    Arrays.setAll(tokens, i -> i % V);
    Tensor embeddings = llama.embed(Tensor.ofInts(tokens, 3, 8));
    Tensor whole = llama.hidden(embeddings, Attention.causal(), adaptation).reshape(24, C);
    for (long[] wanted :
        new long[][] {{6, 0, 23, 7}, {9}, {23, 22, 21, 20, 19, 18, 17, 16, 3}, {4, 4, 12}}) {
      Tensor positions = Tensor.of(wanted, wanted.length);
      float[] expected = whole.indexSelect(0, positions).toFloats();
      Tensor some = llama.hiddenAt(embeddings, Attention.causal(), adaptation, positions);
      assertArrayEquals(expected, some.toFloats(), 1e-5f);
      KvCache cache = llama.newCache(3, 8);
      Attention prefill = new Attention.Prefill(cache, new int[] {8, 8, 8});
      Tensor cached = llama.hiddenAt(embeddings, prefill, adaptation, positions);
      assertArrayEquals(expected, cached.toFloats(), 1e-5f);
    }
    assertEquals(
        "position 24 is outside the batch of 3 x 8 tokens",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    llama.hiddenAt(
                        embeddings, Attention.causal(), adaptation, Tensor.of(new long[] {24}, 1)))
            .getMessage());
  }

  @Test
  void expertWeightsOfEachLayerEqualToAllGiveTheSame() {
    Llama llama = model();
    Adapters adapters = adapters();
    Tensor weights = expertWeights(2);
    int[][] rows = {{1, 2, 3}, {4, 5, 6}};
    Tensor perLayer = Tensor.stack(List.of(weights, weights), 0);
    assertArrayEquals(
        logits(llama, rows, Adaptation.of(adapters, weights, false)),
        logits(llama, rows, Adaptation.of(adapters, perLayer, false)),
        1e-6f);
    Tensor otherLast = Tensor.stack(List.of(weights, weights.mul(-1)), 0);
    assertTrue(
        difference(
                logits(llama, rows, Adaptation.of(adapters, weights, false)),
                logits(llama, rows, Adaptation.of(adapters, otherLast, false)))
            > 1e-3);
  }

  private static double difference(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  @Test
  void dropoutActsInTrainingAlone() {
    Llama llama = model();
    Adapters adapters = adapters();
    int[][] rows = {{1, 2, 3}};
    Tensor weights = expertWeights(1);
    float[] calm = logits(llama, rows, Adaptation.of(adapters, weights, false));
    assertArrayEquals(calm, logits(llama, rows, Adaptation.of(adapters, weights, false)));
    assertTrue(
        difference(calm, logits(llama, rows, Adaptation.of(adapters, weights, true))) > 1e-3);
  }

  @Test
  void bf16IsNearF32(@TempDir Path folder) {
    Llama llama = model();
    llama.save(folder);
    Llama half = Llama.load(folder, Device.CPU, DType.BF16);
    assertEquals(DType.BF16, half.dtype());
    Adapters adapters = adapters();
    Tensor weights = expertWeights(2);
    int[][] rows = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    float[] exact = logits(llama, rows, Adaptation.of(adapters, weights, false));
    float[] rough = logits(half, rows, Adaptation.of(adapters, weights, false));
    double largest = difference(exact, new float[exact.length]);
    assertTrue(
        difference(exact, rough) < 0.05 * largest,
        "differs by " + difference(exact, rough) + " of " + largest);
    Tensor hidden =
        half.hidden(
            half.embed(Tensor.ofInts(new int[] {1, 2}, 1, 2)),
            Attention.causal(),
            Adaptation.of(adapters, weights.slice(0, 0, 1), true));
    half.logits(hidden).to(DType.F32).sum().backward();
    adapters.parameters().forEach((name, weight) -> assertTrue(weight.grad() != null, name));
  }

  @Test
  void savedModelComesBackEqual(@TempDir Path folder) {
    Llama llama = Llama.create(CONFIG, 5, Device.CPU);
    llama.parameters().values().forEach(weight -> assertTrue(weight.requiresGrad()));
    llama.save(folder);
    Llama back = Llama.load(folder, Device.CPU, DType.F32);
    assertEquals(CONFIG, back.config());
    llama
        .parameters()
        .forEach(
            (name, weight) -> {
              assertArrayEquals(weight.toFloats(), back.parameters().get(name).toFloats());
              assertTrue(!back.parameters().get(name).requiresGrad());
            });
  }

  private static final String NOT_THE_WEIGHTS = ": not the weights of the model in config.json: ";

  @Test
  void refusesFoldersThatDoNotFit(@TempDir Path folder) {
    model().save(folder);
    Path file = folder.resolve("model.safetensors");
    Map<String, Tensor> all = new LinkedHashMap<>();
    try (var stored = SafeTensors.open(file)) {
      all.putAll(stored.loadAll());
    }
    Tensor norm = all.remove("model.norm.weight");
    SafeTensors.write(file, all, Map.of());
    assertEquals(
        folder + NOT_THE_WEIGHTS + "weight 'model.norm.weight' is missing", refusal(folder));
    all.put("model.norm.weight", Tensor.zeros(C + 1));
    SafeTensors.write(file, all, Map.of());
    assertEquals(
        folder + NOT_THE_WEIGHTS + "weight 'model.norm.weight': expected shape [16], got [17]",
        refusal(folder));
    all.put("model.norm.weight", norm);
    all.put("model.layers.0.self_attn.q_proj.bias", Tensor.zeros(C));
    SafeTensors.write(file, all, Map.of());
    assertEquals(
        folder + NOT_THE_WEIGHTS + "weight 'model.layers.0.self_attn.q_proj.bias' is not expected",
        refusal(folder));
  }

  private static String refusal(Path folder) {
    return assertThrows(BadInputException.class, () -> Llama.load(folder, Device.CPU, DType.F32))
        .getMessage();
  }

  @Test
  void refusesBatchesThatDoNotFit() {
    Llama llama = model();
    Adapters adapters = adapters();
    Tensor embeddings = Tensor.zeros(2, 3, C);
    List<String> messages = new ArrayList<>();
    for (Runnable work :
        List.<Runnable>of(
            () -> llama.hidden(Tensor.zeros(2, 3, C + 1), Attention.causal(), Adaptation.NONE),
            () ->
                llama.hidden(
                    embeddings,
                    Attention.causal(),
                    Adaptation.of(adapters, expertWeights(3), false)),
            () ->
                llama.hidden(
                    embeddings,
                    Attention.causal(),
                    Adaptation.of(
                        Adapters.create(
                            MIXTURE,
                            LlamaConfig.small(V, C, 40, 3, 4, 2, 64).shape(),
                            1,
                            Device.CPU),
                        expertWeights(2),
                        false)),
            () ->
                llama.hidden(
                    embeddings,
                    new Attention.Prefill(llama.newCache(2, 2), new int[] {3, 3}),
                    Adaptation.NONE),
            () ->
                llama.hidden(
                    embeddings,
                    new Attention.Prefill(llama.newCache(2, 3), new int[] {3, 4}),
                    Adaptation.NONE),
            () ->
                llama.hidden(
                    embeddings,
                    new Attention.Cached(llama.newCache(1, 3), Tensor.zeros(2, 3), null),
                    Adaptation.NONE),
            () ->
                llama.hidden(
                    embeddings,
                    new Attention.Masked(Tensor.arange(3, Device.CPU), Tensor.zeros(2, 3, 4)),
                    Adaptation.NONE))) {
      messages.add(assertThrows(IllegalArgumentException.class, work::run).getMessage());
    }
    String first =
        "DecoderShape[layers=3, hidden=16, intermediate=40, queryWidth=16, keyValueWidth=8]";
    assertEquals(
        List.of(
            "embeddings: expected shape [any, any, 16], got [2, 3, 17]",
            "expert weights are for 3 sequences, the batch has 2",
            "the adapters are for another base model: "
                + first
                + ", this one is "
                + first.replace("layers=3", "layers=2"),
            "0 columns in use and 3 new tokens exceed the cache's capacity of 2",
            "length of row 1: expected 1 to 3, got 4",
            "the cache holds 1 sequences, the batch has 2",
            "mask of allowed tokens: expected shape [2, 3, 3], got [2, 3, 4]"),
        messages);
  }
}
