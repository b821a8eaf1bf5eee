package dev.ilora.llm;

import dev.ilora.tensor.Tensor;

/**
 * Which tokens of a forward pass see which, and where they stand.
 *
 * <p>B sequences, T tokens of this pass. Sequences shorter than T are padded on the right; what the
 * pass returns at padding means nothing and never reaches a real token.
 *
 * <p>Windows count positions. Where rotary angles depend on the length of a sequence, each is taken
 * by its own, as if it were alone; what cannot be computed so is refused.
 */
public sealed interface Attention {

  /**
   * Every token sees itself and those before it; positions count from 0. Nothing is remembered.
   *
   * @param lengths real tokens of each sequence, B values, each 1 to T; null where all count as
   *     real
   */
  record Causal(int[] lengths) implements Attention {}

  /**
   * As {@link Causal}, and the keys and values are remembered for later passes.
   *
   * @param cache empty
   * @param lengths real tokens of each sequence, B values, each 1 to T
   */
  record Prefill(KvCache cache, int[] lengths) implements Attention {}

  /**
   * Explicit positions and sight, such as a prompt followed by the nodes of a tree of
   * continuations, each seeing the prompt and its own ancestors.
   *
   * @param positions I64, (B, T) or (T)
   * @param allowed BOOL, (B, T, T) or (1, T, T): whether token t (second) may see token s (third);
   *     each token should see itself
   */
  record Masked(Tensor positions, Tensor allowed) implements Attention {}

  /**
   * New tokens that see all real tokens in the cache and some of each other; they are remembered
   * too (forget them again with {@link KvCache#truncate}).
   *
   * @param cache of the same B sequences
   * @param positions I64, (B, T): the first new token of a sequence of n tokens stands at n
   * @param allowed sight among the new tokens, BOOL, (B, T, T) or (1, T, T); null for causal
   * @param lengths real new tokens of each sequence, B values, each 0 to T; null for T
   */
  record Cached(KvCache cache, Tensor positions, Tensor allowed, int[] lengths)
      implements Attention {
    /** New tokens without padding, or with padding that no token sees. */
    public Cached(KvCache cache, Tensor positions, Tensor allowed) {
      this(cache, positions, allowed, null);
    }
  }

  /** Causal attention without a cache. */
  static Causal causal() {
    return new Causal(null);
  }

  /** Causal attention without a cache over sequences of these lengths. */
  static Causal causal(int[] lengths) {
    return new Causal(lengths);
  }
}
