package dev.ilora.llm;

import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;

/**
 * A right-padded batch without its padding: all that is done to each token alone is done to the M
 * real ones, and only attention lays them out as B sequences of T places.
 *
 * @param real the flat place b·T + t of each token, those of padding last, I64, (M)
 * @param rows the sequence of each token, I64, (M)
 * @param tokens the token at each place, I64, (B·T); any token where padded
 */
record Packing(Tensor real, Tensor rows, Tensor tokens) {
  /** Less padding than this share of all places is not worth laying out tokens in every layer. */
  private static final double LEAST_PADDING = 0.03;

  /**
   * @param lengths tokens of each sequence, B values, each 0 to T
   * @param places T
   * @param rounded whether padding makes up a number of tokens of which there are few: at most 16
   *     from each power of two to the next
   * @return null where there is little padding
   */
  static Packing of(int[] lengths, int places, boolean rounded, Device device) {
    int count = Arrays.stream(lengths).sum();
    int all = lengths.length * places;
    if (count == 0 || count > (1 - LEAST_PADDING) * all) {
      return null;
    }
    int step = rounded ? Math.max(1, Integer.highestOneBit(count) / 16) : 1;
    int kept = Math.min(all, Math.ceilDiv(count, step) * step);
    long[] real = new long[kept];
    long[] rows = new long[kept];
    long[] tokens = new long[all];
    int next = 0;
    for (boolean padding : new boolean[] {false, true}) {
      for (int row = 0; row < lengths.length; row++) {
        int end = padding ? places : lengths[row];
        for (int t = padding ? lengths[row] : 0; t < end && next < kept; t++) {
          real[next] = (long) row * places + t;
          rows[next] = row;
          tokens[row * places + t] = next++;
        }
      }
    }
    return new Packing(
        Tensor.of(real, kept).to(device),
        Tensor.of(rows, kept).to(device),
        Tensor.of(tokens, all).to(device));
  }
}
