package dev.ilora.statistics;

import dev.ilora.Randomness;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Ranks the candidates of one row from their scores, higher first.
 *
 * <p>Equal scores are ordered by a fixed pseudo-random key of (row, item). The order of the
 * candidates and the ids of the items therefore play no part: a constant scorer puts the target at
 * each rank with equal probability, so its HR@k is k/n in expectation, and two methods with the
 * same scores get the same ranks.
 */
public final class Ranking {
  private Ranking() {}

  /**
   * Returns the rank of the target among the candidates, counted from 1.
   *
   * @param row index of the evaluation row, part of the tie key
   * @param target item id, one of the candidates
   * @param candidates distinct item ids, (N)
   * @param scores score of each candidate, (N), finite
   * @throws IllegalArgumentException if the lengths differ, the target is missing, a candidate
   *     occurs twice or a score is not finite
   */
  public static int rank(int row, int target, int[] candidates, double[] scores) {
    check(row, candidates, scores);
    int at = position(row, target, candidates);
    long key = tieKey(row, target);
    int rank = 1;
    for (int i = 0; i < candidates.length; i++) {
      boolean before =
          scores[i] > scores[at] || (scores[i] == scores[at] && tieKey(row, candidates[i]) < key);
      if (before) {
        rank++;
      }
    }
    return rank;
  }

  /**
   * Returns the candidates best first, in the order that {@link #rank} counts in.
   *
   * @param row index of the evaluation row, part of the tie key
   * @param candidates distinct item ids, (N)
   * @param scores score of each candidate, (N), finite
   */
  public static int[] order(int row, int[] candidates, double[] scores) {
    check(row, candidates, scores);
    return IntStream.range(0, candidates.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -scores[i])
                .thenComparingLong(i -> tieKey(row, candidates[i])))
        .mapToInt(i -> candidates[i])
        .toArray();
  }

  static int position(int row, int target, int[] candidates) {
    for (int i = 0; i < candidates.length; i++) {
      if (candidates[i] == target) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "row "
            + row
            + ": target "
            + target
            + " is not among its "
            + candidates.length
            + " candidates");
  }

  static void checkDistinct(int row, int[] candidates) {
    int[] sorted = candidates.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "row " + row + ": candidate " + sorted[i] + " occurs twice");
      }
    }
  }

  private static void check(int row, int[] candidates, double[] scores) {
    if (scores.length != candidates.length) {
      throw new IllegalArgumentException(
          "row " + row + ": " + scores.length + " scores for " + candidates.length + " candidates");
    }
    checkDistinct(row, candidates);
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": score of candidate "
                + candidates[i]
                + " is "
                + scores[i]
                + ", not finite");
      }
    }
  }

  /** A random-looking key, the same on every machine. */
  private static long tieKey(int row, int item) {
    return Randomness.mix(Randomness.mix(row + 0x9e3779b97f4a7c15L) + item);
  }
}
