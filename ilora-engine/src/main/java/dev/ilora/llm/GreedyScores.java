package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;

/**
 * Scores of the next token for greedy decoding with a frozen head in 16 bits. All tokens are scored
 * in 16 bits, and then the likeliest again in 32, so that the best one is the one that {@link
 * Llama#scores} finds: at a fraction of the time, which is that of reading the head.
 *
 * <p>N rows, V vocabulary, C width.
 */
final class GreedyScores {
  /** Tokens of each row that are scored in 32 bits. */
  private static final int EXACT = 64;

  /** The most rows for which this is faster. */
  private static final int FEW = 16;

  /** How many times the largest error seen among the likeliest the others' may be. */
  private static final int MARGIN = 4;

  private GreedyScores() {}

  /**
   * Scores of tokens. Those of unlikely ones are off by what 16 bits round away.
   *
   * @param hidden as for {@link Llama#logits}, (N, C), without a graph
   * @param tokens only ids below it are scored
   * @return (N, V) or (N, tokens), F32
   */
  static Tensor of(Llama llama, Tensor hidden, int tokens) {
    boolean few = hidden.size(0) <= FEW && llama.dtype() == DType.BF16;
    if (!few || !llama.device().equals(Device.CPU)) {
      return llama.scores(hidden);
    }
    try (var scope = Scope.open()) {
      Tensor all = llama.head().decoding().near(hidden).to(DType.F32);
      Tensor near = tokens < all.size(1) ? all.slice(1, 0, tokens) : all;
      if (near.size(1) <= EXACT) {
        return scope.keep(llama.scores(hidden));
      }
      Tensor.TopK likeliest = near.topk(EXACT + 1, -1);
      Tensor chosen = likeliest.indices().slice(1, 0, EXACT).contiguous();
      Tensor rows = llama.head().rows(chosen).to(DType.F32);
      Tensor exact = rows.matmul(hidden.to(DType.F32).unsqueeze(2)).squeeze(2);
      return scope.keep(
          surely(likeliest.values().toFloats(), exact.toFloats())
              ? near.scatter(1, chosen, exact)
              : llama.scores(hidden));
    }
  }

  /**
   * Whether no token but those scored again can be the best.
   *
   * @param near scores in 16 bits of the likeliest {@value #EXACT} tokens of each row and of the
   *     next one, likeliest first
   * @param exact those of the first {@value #EXACT} in 32 bits
   */
  static boolean surely(float[] near, float[] exact) {
    for (int row = 0; row < exact.length / EXACT; row++) {
      float best = Float.NEGATIVE_INFINITY;
      float error = 0;
      for (int i = 0; i < EXACT; i++) {
        float score = exact[row * EXACT + i];
        best = Math.max(best, score);
        error = Math.max(error, Math.abs(score - near[row * (EXACT + 1) + i]));
      }
      if (!(best > near[row * (EXACT + 1) + EXACT] + MARGIN * error)) {
        return false;
      }
    }
    return true;
  }
}
