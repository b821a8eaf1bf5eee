package dev.ilora.train;

import dev.ilora.data.Case;
import dev.ilora.recommender.ItemScorer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The figure training stops on: HR@1 among the target and 19 random items, in expectation over all
 * draws. A target with m better items among the M its user never had is first with probability
 * {@code C(M - m, 19) / C(M, 19)}; no draw is made, so no luck of a draw decides when to stop.
 */
final class Validation {
  private static final int NEGATIVES = 19;

  private final List<Case> rows;
  private final List<int[]> histories;
  private final Map<String, BitSet> itemsOfUser = new HashMap<>();

  /**
   * @param valid rows to measure on
   * @param train rows of earlier positions, which may be of the same users
   */
  Validation(List<Case> valid, List<Case> train) {
    this.rows = valid.stream().filter(row -> row.history().length > 0).toList();
    this.histories = this.rows.stream().map(Case::history).toList();
    for (Case row : this.rows) {
      itemsOfUser.putIfAbsent(row.user(), new BitSet());
    }
    this.rows.forEach(this::take);
    train.stream().filter(row -> itemsOfUser.containsKey(row.user())).forEach(this::take);
  }

  private void take(Case row) {
    BitSet items = itemsOfUser.get(row.user());
    items.set(row.target());
    for (int item : row.history()) {
      items.set(item);
    }
  }

  /**
   * Mean over the rows, in [0, 1].
   *
   * @throws IllegalStateException if a score is not a number
   */
  double hitRate(ItemScorer model) {
    double sum = 0;
    for (int from = 0; from < rows.size(); from += ItemScorer.BATCH) {
      int to = Math.min(rows.size(), from + ItemScorer.BATCH);
      float[][] scores = model.scores(histories.subList(from, to));
      for (int i = from; i < to; i++) {
        sum += hitProbability(rows.get(i), scores[i - from]);
      }
    }
    return sum / rows.size();
  }

  private double hitProbability(Case row, float[] scores) {
    float target = scores[row.target()];
    if (!Float.isFinite(target)) {
      throw new TrainingDivergedException(
          "the score of item %s is %s: training diverged".formatted(row.target(), target));
    }
    int better = 0;
    // All items first, in a loop that the compiler makes vectors of; then without the user's own.
    for (float score : scores) {
      better += score >= target ? 1 : 0;
    }
    BitSet had = itemsOfUser.get(row.user());
    for (int item = had.nextSetBit(0); item >= 0; item = had.nextSetBit(item + 1)) {
      better -= scores[item] >= target ? 1 : 0;
    }
    int others = scores.length - had.cardinality();
    return firstProbability(better, others, Math.min(NEGATIVES, others));
  }

  /**
   * The figure of guessing: one over the number of items ranked, 1/20 in all but tiny catalogues.
   */
  double chance(int itemCount) {
    return rows.stream()
        .mapToInt(row -> itemCount - itemsOfUser.get(row.user()).cardinality())
        .mapToDouble(others -> 1.0 / (1 + Math.min(NEGATIVES, others)))
        .average()
        .orElseThrow();
  }

  /** Probability that none of {@code drawn} of {@code others} items is one of the better ones. */
  static double firstProbability(int better, int others, int drawn) {
    double probability = 1;
    for (int i = 0; i < drawn; i++) {
      probability *= Math.max(0, others - better - i) / (double) (others - i);
    }
    return probability;
  }

  List<int[]> histories() {
    return new ArrayList<>(histories);
  }

  int size() {
    return rows.size();
  }
}
