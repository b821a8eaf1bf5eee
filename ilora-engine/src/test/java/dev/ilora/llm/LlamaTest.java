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
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Properties of the decoder on a tiny random model with grouped heads. */
class LlamaTest {
  private static final int V = 23;
  private static final int C = 16;
  private static final LlamaConfig CONFIG = LlamaConfig.small(V, C, 40, 2, 4, 2, 64);
  private static final AdapterConfig MIXTURE =
      AdapterConfig.mixture(AdapterConfig.allTargets(), 3, 6, 8, 0.5);

  private Scope scope;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    Torch.threads(1);
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
    Torch.threads(threads);
  }

  /** Weights large enough that every part matters. */
  static Llama model() {
    Llama llama = Llama.create(CONFIG, 5, Device.CPU).trainable(false);
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

  private static float[] logits(Llama llama, int[][] rows, Adaptation adaptation) {
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

  /** Known padding is left out of all but attention; few and many positions, a gate per layer. */
  @Test
  void paddingThatIsLeftOutChangesNothing() {
    Llama llama = model();
    Tensor weights = expertWeights(3);
    Tensor perLayer = Tensor.stack(List.of(weights, weights.mul(-1)), 0);
    int[] lengths = {8, 3, 5};
    int[] tokens = new int[24];
    Arrays.setAll(tokens, i -> (5 * i) % V);
    Tensor embeddings = llama.embed(Tensor.ofInts(tokens, 3, 8));
    for (Tensor expertWeights : List.of(weights, perLayer)) {
      Adaptation adaptation = Adaptation.of(adapters(), expertWeights, false);
      Tensor whole = llama.hidden(embeddings, Attention.causal(), adaptation).reshape(24, C);
      for (long[] wanted :
          new long[][] {{10, 7, 20}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 17, 18, 19, 20}}) {
        Tensor positions = Tensor.of(wanted, wanted.length);
        float[] expected = whole.indexSelect(0, positions).toFloats();
        KvCache cache = llama.newCache(3, 12);
        Attention prefill = new Attention.Prefill(cache, lengths);
        Tensor packed = llama.hiddenAt(embeddings, prefill, adaptation, positions);
        assertArrayEquals(expected, packed.toFloats(), 1e-5f);
        assertArrayEquals(
            following(llama, cache, adaptation, null, lengths),
            following(llama, cache, adaptation, new int[] {1, 4, 2}, lengths),
            1e-5f);
      }
    }
  }

  /** Hidden states of 1, 4 and 2 more tokens, which are forgotten again. */
  private static float[] following(
      Llama llama, KvCache cache, Adaptation adaptation, int[] real, int[] lengths) {
    int columns = cache.columns();
    long[] positions = new long[12];
    Arrays.setAll(positions, i -> lengths[i / 4] + i % 4);
    Tensor embeddings =
        llama.embed(Tensor.ofInts(new int[] {1, 0, 0, 0, 2, 3, 4, 5, 6, 7, 0, 0}, 3, 4));
    Attention attention = new Attention.Cached(cache, Tensor.of(positions, 3, 4), null, real);
    Tensor wanted = Tensor.of(new long[] {0, 7, 4, 9, 8}, 5);
    float[] values = llama.hiddenAt(embeddings, attention, adaptation, wanted).toFloats();
    cache.truncate(columns);
    return values;
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

  /** A prompt with a tree of continuations in one pass, against each branch as its own sequence. */
  @Test
  void treeEqualsItsBranches() {
    Llama llama = model();
    Adapters adapters = adapters();
    Tensor weights = expertWeights(1);
    Adaptation adaptation = Adaptation.of(adapters, weights, false);
    int[] prompt = {1, 2, 3};
    int[] nodes = {4, 5, 6, 7, 8};
    int[] parents = {-1, 0, 0, -1, 3};
    int[][] branches = {{0, 1}, {0, 2}, {3, 4}};

    Tensor onePass = treeInOnePass(llama, adaptation, prompt, nodes, parents);
    Tensor afterCache = treeAfterCache(llama, adaptation, prompt, nodes, parents);
    for (int[] branch : branches) {
      int[] sequence = Arrays.copyOf(prompt, prompt.length + branch.length);
      for (int i = 0; i < branch.length; i++) {
        sequence[prompt.length + i] = nodes[branch[i]];
      }
      float[] expected = logits(llama, new int[][] {sequence}, adaptation);
      for (int i = 0; i < branch.length; i++) {
        int at = (prompt.length + i) * V;
        float[] wanted = Arrays.copyOfRange(expected, at, at + V);
        assertArrayEquals(wanted, onePass.select(0, prompt.length + branch[i]).toFloats(), 1e-5f);
        assertArrayEquals(wanted, afterCache.select(0, branch[i]).toFloats(), 1e-5f);
      }
    }
  }

  private static boolean ancestor(int[] parents, int node, int maybe) {
    for (int at = node; at >= 0; at = parents[at]) {
      if (at == maybe) {
        return true;
      }
    }
    return false;
  }

  private static long depth(int[] parents, int node) {
    return parents[node] < 0 ? 0 : 1 + depth(parents, parents[node]);
  }

  private static Tensor treeInOnePass(
      Llama llama, Adaptation adaptation, int[] prompt, int[] nodes, int[] parents) {
    int count = prompt.length + nodes.length;
    boolean[] allowed = new boolean[count * count];
    long[] positions = new long[count];
    int[] tokens = Arrays.copyOf(prompt, count);
    for (int t = 0; t < count; t++) {
      int node = t - prompt.length;
      positions[t] = node < 0 ? t : prompt.length + depth(parents, node);
      if (node >= 0) {
        tokens[t] = nodes[node];
      }
      for (int s = 0; s <= t; s++) {
        allowed[t * count + s] = s < prompt.length || ancestor(parents, node, s - prompt.length);
      }
    }
    Attention attention =
        new Attention.Masked(Tensor.of(positions, count), Tensor.of(allowed, 1, count, count));
    Tensor embeddings = llama.embed(Tensor.ofInts(tokens, 1, count));
    return llama.logits(llama.hidden(embeddings, attention, adaptation)).squeeze(0);
  }

  private static Tensor treeAfterCache(
      Llama llama, Adaptation adaptation, int[] prompt, int[] nodes, int[] parents) {
    KvCache cache = llama.newCache(1, prompt.length + nodes.length + 2);
    int[] padded = Arrays.copyOf(prompt, prompt.length + 2);
    llama.hidden(
        llama.embed(Tensor.ofInts(padded, 1, padded.length)),
        new Attention.Prefill(cache, new int[] {prompt.length}),
        adaptation);
    int count = nodes.length;
    boolean[] allowed = new boolean[count * count];
    long[] positions = new long[count];
    for (int t = 0; t < count; t++) {
      positions[t] = prompt.length + depth(parents, t);
      for (int s = 0; s < count; s++) {
        allowed[t * count + s] = ancestor(parents, t, s);
      }
    }
    Attention attention =
        new Attention.Cached(
            cache, Tensor.of(positions, 1, count), Tensor.of(allowed, 1, count, count));
    Tensor embeddings = llama.embed(Tensor.ofInts(nodes, 1, count));
    // Asked twice: forgetting the first must leave no trace.
    llama.hidden(embeddings, attention, adaptation);
    cache.truncate(padded.length);
    return llama.logits(llama.hidden(embeddings, attention, adaptation)).squeeze(0);
  }

  @Test
  void severalNewTokensThroughACacheAreCausal() {
    Llama llama = model();
    int[] row = {1, 2, 3, 4, 5, 6};
    float[] whole = logits(llama, new int[][] {row}, Adaptation.NONE);
    KvCache cache = llama.newCache(1, 8);
    llama.hidden(
        llama.embed(Tensor.ofInts(Arrays.copyOf(row, 4), 1, 4)),
        new Attention.Prefill(cache, new int[] {3}),
        Adaptation.NONE);
    Tensor rest = llama.embed(Tensor.ofInts(new int[] {4, 5, 6}, 1, 3));
    Tensor positions = Tensor.of(new long[] {3, 4, 5}, 1, 3);
    Tensor hidden =
        llama.hidden(rest, new Attention.Cached(cache, positions, null), Adaptation.NONE);
    assertArrayEquals(
        Arrays.copyOfRange(whole, 3 * V, 6 * V), llama.logits(hidden).toFloats(), 1e-5f);
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
