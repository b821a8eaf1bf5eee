package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Adapters;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read after a cache is what it would be in one pass. */
@OneThread
@InScope
class KvCacheTest {
  private static final int V = LlamaTest.V;
  private static final int C = LlamaTest.C;

  /** Known padding is left out of all but attention; few and many positions, a gate per layer. */
  @Test
  void paddingThatIsLeftOutChangesNothing() {
    paddingThatIsLeftOutChangesNothing(LlamaTest.model());
  }

  @ParameterizedTest
  @EnumSource(TinyForm.class)
  void paddingThatIsLeftOutChangesNothingForAnyForm(TinyForm form) {
    paddingThatIsLeftOutChangesNothing(LlamaTest.model(form));
  }

  private static void paddingThatIsLeftOutChangesNothing(Llama llama) {
    Tensor weights = LlamaTest.expertWeights(3);
    Tensor perLayer = Tensor.stack(List.of(weights, weights.mul(-1)), 0);
    int[] lengths = {8, 3, 5};
    int[] tokens = new int[24];
    Arrays.setAll(tokens, i -> (5 * i) % V);
    Tensor embeddings = llama.embed(Tensor.ofInts(tokens, 3, 8));
    for (Tensor expertWeights : List.of(weights, perLayer)) {
      Adaptation adaptation = Adaptation.of(LlamaTest.adapters(), expertWeights, false);
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

  /** A prompt with a tree of continuations in one pass, against each branch as its own sequence. */
  @Test
  void treeEqualsItsBranches() {
    treeEqualsItsBranches(LlamaTest.model());
  }

  @ParameterizedTest
  @EnumSource(TinyForm.class)
  void treeEqualsItsBranchesForEveryForm(TinyForm form) {
    treeEqualsItsBranches(LlamaTest.model(form));
  }

  private static void treeEqualsItsBranches(Llama llama) {
    Adapters adapters = LlamaTest.adapters();
    Tensor weights = LlamaTest.expertWeights(1);
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
      float[] expected = LlamaTest.logits(llama, new int[][] {sequence}, adaptation);
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
    severalNewTokensThroughACacheAreCausal(LlamaTest.model());
  }

  @ParameterizedTest
  @EnumSource(TinyForm.class)
  void severalNewTokensThroughACacheAreCausalForEveryForm(TinyForm form) {
    severalNewTokensThroughACacheAreCausal(LlamaTest.model(form));
  }

  private static void severalNewTokensThroughACacheAreCausal(Llama llama) {
    int[] row = {1, 2, 3, 4, 5, 6};
    float[] whole = LlamaTest.logits(llama, new int[][] {row}, Adaptation.NONE);
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

  /** What is cached was turned by the angles of a shorter sequence. */
  @ParameterizedTest
  @EnumSource(names = {"LONG_ROPE", "DYNAMIC"})
  void keysThatALongerSequenceTurnsOtherwiseAreRefused(TinyForm form) {
    Llama llama = LlamaTest.model(form);
    KvCache cache = llama.newCache(1, 70);
    Tensor prompt = llama.embed(Tensor.ofInts(new int[62], 1, 62));
    llama.hidden(prompt, new Attention.Prefill(cache, new int[] {62}), Adaptation.NONE);
    Tensor more = llama.embed(Tensor.ofInts(new int[3], 1, 3));
    Tensor positions = Tensor.of(new long[] {62, 63, 64}, 1, 3);
    assertEquals(
        "the rotary angles of this model depend on the length of a sequence (rope_scaling), and"
            + " those of 62 and of 65 tokens differ: compute such sequences each by itself, without"
            + " a cache",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    llama.hidden(
                        more, new Attention.Cached(cache, positions, null), Adaptation.NONE))
            .getMessage());
  }
}
