package dev.ilora.statistics;

import java.util.List;

/**
 * One figure of an evaluation: a sum over rows divided by another sum over rows.
 *
 * <p>With one target a row, {@code hr@k} is the share of rows whose target is among the first k,
 * {@code ndcg@k} the mean of {@code 1/log2(rank + 1)} where the rank is at most k and 0 elsewhere,
 * {@code mrr} the mean of {@code 1/rank}; all three divide by all rows. Only {@link #PAPER_HR_1}
 * and {@link #REFERENCE_HR_1} divide by the rows with a valid answer, as the papers do.
 */
public enum Metric {
  /** Share of rows with the target first. */
  HR_1("hr@1", "HR@1", Kind.HIT, 1),
  /** The same as HR@1. */
  NDCG_1("ndcg@1", "NDCG@1", Kind.GAIN, 1),
  /** Share of rows with the target among the first 3. */
  HR_3("hr@3", "HR@3", Kind.HIT, 3),
  /** Discounted gain within the first 3. */
  NDCG_3("ndcg@3", "NDCG@3", Kind.GAIN, 3),
  /** Share of rows with the target among the first 5. */
  HR_5("hr@5", "HR@5", Kind.HIT, 5),
  /** Discounted gain within the first 5. */
  NDCG_5("ndcg@5", "NDCG@5", Kind.GAIN, 5),
  /** Share of rows with the target among the first 10. */
  HR_10("hr@10", "HR@10", Kind.HIT, 10),
  /** Discounted gain within the first 10. */
  NDCG_10("ndcg@10", "NDCG@10", Kind.GAIN, 10),
  /** Share of rows with the target among the first 20. */
  HR_20("hr@20", "HR@20", Kind.HIT, 20),
  /** Discounted gain within the first 20. */
  NDCG_20("ndcg@20", "NDCG@20", Kind.GAIN, 20),
  /** Mean reciprocal rank. */
  MRR("mrr", "MRR", Kind.RECIPROCAL, Integer.MAX_VALUE),
  /** Share of rows whose answer is exactly a candidate's title. */
  VALID_RATIO("validRatio", "ValidRatio", Kind.VALID, 1),
  /** Answers that name the target over valid answers. */
  PAPER_HR_1("paperHr@1", "paper HR@1", Kind.VALID_HIT, 1),
  /** Share of rows whose answer contains exactly one candidate's title. */
  REFERENCE_VALID_RATIO("referenceValidRatio", "reference ValidRatio", Kind.REFERENCE_VALID, 1),
  /** Answers that contain the target's title alone over answers that contain one title. */
  REFERENCE_HR_1("referenceHr@1", "reference HR@1", Kind.REFERENCE_VALID_HIT, 1);

  private enum Kind {
    HIT,
    GAIN,
    RECIPROCAL,
    VALID,
    VALID_HIT,
    REFERENCE_VALID,
    REFERENCE_VALID_HIT
  }

  private final String key;
  private final String label;
  private final Kind kind;
  private final int cutoff;

  Metric(String key, String label, Kind kind, int cutoff) {
    this.key = key;
    this.label = label;
    this.kind = kind;
    this.cutoff = cutoff;
  }

  /** The name in files, such as {@code ndcg@5}. */
  public String key() {
    return key;
  }

  /** The name in tables, such as {@code NDCG@5}. */
  public String label() {
    return label;
  }

  /**
   * Whether the rows say what the metric is: cut-offs beyond 1 need ranks for all rows, the papers'
   * figures an answer for all.
   */
  public boolean definedFor(List<Outcome> rows) {
    return switch (kind) {
      case HIT, GAIN, RECIPROCAL ->
          cutoff == 1 || rows.stream().noneMatch(r -> r.rank() == Outcome.UNRANKED);
      case VALID, VALID_HIT, REFERENCE_VALID, REFERENCE_VALID_HIT ->
          rows.stream().noneMatch(r -> r.answer().isEmpty());
    };
  }

  /** What one row adds to the sum above the line. */
  double numerator(Outcome row) {
    return switch (kind) {
      case HIT -> row.hit(cutoff) ? 1 : 0;
      case GAIN -> row.hit(cutoff) ? Math.log(2) / Math.log(row.rank() + 1.0) : 0;
      case RECIPROCAL -> row.rank() == Outcome.UNRANKED ? 0 : 1.0 / row.rank();
      case VALID -> row.valid() ? 1 : 0;
      case VALID_HIT -> row.answeredTarget() ? 1 : 0;
      case REFERENCE_VALID -> row.referenceValid() ? 1 : 0;
      case REFERENCE_VALID_HIT -> row.referenceAnsweredTarget() ? 1 : 0;
    };
  }

  /** What one row adds to the sum below the line: 1, or 0 if it does not count. */
  double denominator(Outcome row) {
    return switch (kind) {
      case HIT, GAIN, RECIPROCAL, VALID, REFERENCE_VALID -> 1;
      case VALID_HIT -> row.valid() ? 1 : 0;
      case REFERENCE_VALID_HIT -> row.referenceValid() ? 1 : 0;
    };
  }

  /** The quotient; 0 where nothing counts, as in the released code. */
  static double ratio(double numerator, double denominator) {
    return denominator == 0 ? 0 : numerator / denominator;
  }
}
