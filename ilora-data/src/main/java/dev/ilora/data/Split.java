package dev.ilora.data;

import dev.ilora.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * A dataset cut into what is learned from, chosen on and reported. Made by {@link SplitRule}.
 *
 * @param dataset the data, whole
 * @param rule the rule that cut it, as {@link SplitRule#parse} reads it
 * @param historyLength the most history items a row holds
 * @param train positions to learn from
 * @param valid positions to choose on
 * @param test positions to report
 */
public record Split(
    Dataset dataset,
    String rule,
    int historyLength,
    List<Window> train,
    List<Window> valid,
    List<Window> test) {
  /** The history length of the papers. */
  public static final int DEFAULT_HISTORY_LENGTH = 10;

  /** The fewest history items of a row in the papers. */
  public static final int DEFAULT_MIN_HISTORY = 3;

  /** Refuses a history length below 1. */
  public Split {
    if (historyLength < 1) {
      throw new IllegalArgumentException("history length must be at least 1, not " + historyLength);
    }
    train = List.copyOf(train);
    valid = List.copyOf(valid);
    test = List.copyOf(test);
  }

  /** The windows of one part. */
  public List<Window> windows(Part part) {
    return switch (part) {
      case TRAIN -> train;
      case VALID -> valid;
      case TEST -> test;
    };
  }

  /** The users of one part, whole sequences. */
  public List<UserSequence> users(Part part) {
    return windows(part).stream().map(Window::user).toList();
  }

  /** Every training position with at least {@code minHistory} items before it. */
  public List<Case> trainRows(int minHistory) {
    return rows(Part.TRAIN, Positions.EVERY, minHistory);
  }

  /**
   * Returns the rows of one part, numbered from 0 in the order of its users and positions.
   *
   * @param positions the last position of each window, or every one
   * @param minHistory fewest items before a target; positions with fewer are left out
   */
  public List<Case> rows(Part part, Positions positions, int minHistory) {
    List<Case> rows = new ArrayList<>();
    eachRow(part, positions, minHistory, (user, p) -> rows.add(row(rows.size(), user, p)));
    return rows;
  }

  /**
   * Returns all that the user of each of those rows chose before its target, in the rows' order: a
   * row's own history may be shorter.
   */
  public List<Supplier<int[]>> pasts(Part part, Positions positions, int minHistory) {
    List<Supplier<int[]>> pasts = new ArrayList<>();
    eachRow(
        part, positions, minHistory, (user, p) -> pasts.add(() -> Arrays.copyOf(user.items(), p)));
    return pasts;
  }

  private void eachRow(
      Part part, Positions positions, int minHistory, ObjIntConsumer<UserSequence> action) {
    if (minHistory < 0) {
      throw new IllegalArgumentException("minimum history must be at least 0, not " + minHistory);
    }
    for (Window window : windows(part)) {
      int first = positions == Positions.LAST ? window.to() - 1 : window.from();
      for (int p = Math.max(first, Math.max(window.from(), minHistory)); p < window.to(); p++) {
        action.accept(window.user(), p);
      }
    }
  }

  /** The number of training positions with a history. */
  public long trainingRows() {
    return train.stream().mapToLong(w -> Math.max(0, w.to() - Math.max(1, w.from()))).sum();
  }

  /** How often each item is a target of the training part, by item id: its popularity. */
  public int[] trainCounts() {
    int[] counts = new int[dataset.itemCount()];
    for (Window window : train) {
      for (int p = window.from(); p < window.to(); p++) {
        counts[window.user().items()[p]]++;
      }
    }
    return counts;
  }

  /**
   * Returns a fixed sample of rows without replacement, in their former order and with their former
   * numbers; all of them if there are no more than {@code count}.
   */
  public static List<Case> sample(List<Case> rows, int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException("sample size must be at least 1, not " + count);
    }
    if (rows.size() <= count) {
      return List.copyOf(rows);
    }
    int[] sample = Randomness.sample(rows.size(), count, new SplittableRandom(seed));
    return Arrays.stream(sample).sorted().mapToObj(rows::get).toList();
  }

  private Case row(int index, UserSequence user, int position) {
    int start = Math.max(0, position - historyLength);
    int[] history = Arrays.copyOfRange(user.items(), start, position);
    return new Case(index, user.user(), history, user.items()[position]);
  }
}
