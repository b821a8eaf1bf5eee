package dev.ilora.data;

import java.util.Arrays;

/**
 * One question: which of the candidates does the user choose next after this history? Arrays are
 * not copied; treat them as read only.
 *
 * @param index number of the case, the one candidate files and outcomes refer to; cases of a sample
 *     keep the number they had among all cases
 * @param user the user's key
 * @param history dense item ids, oldest first, at most the split's history length
 * @param target dense id of the item chosen; {@link #UNKNOWN} where nobody knows yet
 * @param candidates dense item ids in the order they are shown, distinct, the target among them;
 *     empty until they are drawn
 */
public record Case(int index, String user, int[] history, int target, int[] candidates) {
  /** In place of a target: what the user chose is not known. */
  public static final int UNKNOWN = -1;

  private static final int[] NONE = {};

  /** Refuses a negative index, candidates without the target and candidates given twice. */
  public Case {
    if (index < 0) {
      throw new IllegalArgumentException("case index must be at least 0, not " + index);
    }
    if (candidates.length > 0) {
      requireDistinct(index, candidates);
      if (target != UNKNOWN && indexOf(target, candidates) < 0) {
        throw new IllegalArgumentException(
            "case %s: target %s is not among its candidates".formatted(index, target));
      }
    }
  }

  /** A case whose candidates are not drawn yet. */
  public Case(int index, String user, int[] history, int target) {
    this(index, user, history, target, NONE);
  }

  /**
   * A question without a known answer.
   *
   * @throws IllegalArgumentException if the history or the candidates are empty, or a candidate
   *     occurs twice
   */
  public static Case asked(String user, int[] history, int[] candidates) {
    if (history.length == 0) {
      throw new IllegalArgumentException("user " + user + ": the history is empty");
    }
    if (candidates.length == 0) {
      throw new IllegalArgumentException("user " + user + ": there are no candidates");
    }
    return new Case(0, user, history, UNKNOWN, candidates);
  }

  /** This case with candidates. */
  public Case among(int[] items) {
    return new Case(index, user, history, target, items);
  }

  /** This case with a known target. */
  public Case withTarget(int item) {
    return new Case(index, user, history, item, candidates);
  }

  private static void requireDistinct(int index, int[] candidates) {
    int[] sorted = candidates.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "case %s has candidate %s twice".formatted(index, sorted[i]));
      }
    }
  }

  private static int indexOf(int item, int[] items) {
    int i = items.length - 1;
    while (i >= 0 && items[i] != item) {
      i--;
    }
    return i;
  }
}
