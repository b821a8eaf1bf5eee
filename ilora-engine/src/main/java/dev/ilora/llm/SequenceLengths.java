package dev.ilora.llm;

import dev.ilora.tensor.Tensor;
import java.util.Arrays;

/**
 * How long the sequences of a pass are, for models whose rotary angles depend on it. Each sequence
 * is turned as if it were alone: padding and the rest of the batch do not count. What cannot be
 * computed so is refused.
 *
 * <p>B sequences, T tokens. All methods return B values, or null where angles depend on nothing.
 */
final class SequenceLengths {
  private SequenceLengths() {}

  /**
   * @param lengths real tokens of each sequence, or null where all count as real
   */
  static int[] causal(LlamaConfig config, int[] lengths, int batch, int tokens) {
    if (!config.form().dependsOnLength()) {
      return null;
    }
    if (lengths != null) {
      return lengths;
    }
    int[] all = new int[batch];
    Arrays.fill(all, tokens);
    return all;
  }

  /**
   * A mask does not say where sequences end, so they must be too short for it to matter.
   *
   * @param positions I64, (T) or (B, T)
   */
  static int[] masked(LlamaConfig config, Tensor positions, int batch) {
    if (!config.form().dependsOnLength()) {
      return null;
    }
    int longest = Arrays.stream(positions.toInts()).max().orElse(0) + 1;
    requireSame(config, 1, longest);
    int[] all = new int[batch];
    Arrays.fill(all, 1);
    return all;
  }

  /**
   * Keys in the cache are turned already, so the angles must still be the same at the end.
   *
   * @param positions of the new tokens, I64, (T) or (B, T); the first stands after those cached
   * @param lengths real new tokens of each sequence, or null where all are real
   */
  static int[] cached(LlamaConfig config, Tensor positions, int[] lengths, int batch) {
    if (!config.form().dependsOnLength()) {
      return null;
    }
    int tokens = (int) positions.size(-1);
    int[] at = positions.toInts();
    int[] ends = new int[batch];
    for (int row = 0; row < batch; row++) {
      int from = at.length == tokens ? 0 : row * tokens;
      int real = lengths == null ? tokens : lengths[row];
      int[] own = Arrays.copyOfRange(at, from, from + real);
      ends[row] = Arrays.stream(own).max().orElse(0) + 1;
      if (real > 0 && own[0] > 0) {
        requireSame(config, own[0], ends[row]);
      }
    }
    return ends;
  }

  private static void requireSame(LlamaConfig config, int length, int longer) {
    if (!config.form().sameAngles(length, longer)) {
      throw new IllegalArgumentException(
          "the rotary angles of this model depend on the length of a sequence (rope_scaling), and those of %s and of %s tokens differ: compute such sequences each by itself, without a cache"
              .formatted(length, longer));
    }
  }
}
