package dev.ilora.statistics;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * McNemar's test of two methods on the same rows: are the rows only one of them gets right split
 * evenly?
 *
 * <p>Exact (binomial) below 25 such rows, otherwise chi-squared with one degree of freedom and
 * Edwards' continuity correction {@code (|b - c| - 1)² / (b + c)}. The test takes rows as
 * independent: where users have several rows, the clustered bootstrap is the one to trust.
 *
 * <p>Source: McNemar, Psychometrika 12, 1947; Edwards, Psychometrika 13, 1948.
 *
 * @param onlyFirst rows the first method alone gets right (b)
 * @param onlySecond rows the second method alone gets right (c)
 * @param p two-sided p value; 1 where the methods never differ
 */
public record McNemar(int onlyFirst, int onlySecond, double p) {
  private static final int EXACT_BELOW = 25;

  /**
   * Tests two counts of discordant rows.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public static McNemar of(int onlyFirst, int onlySecond) {
    if (onlyFirst < 0 || onlySecond < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative: " + onlyFirst + ", " + onlySecond);
    }
    int total = onlyFirst + onlySecond;
    double p =
        total < EXACT_BELOW ? exact(onlyFirst, onlySecond) : corrected(onlyFirst, onlySecond);
    return new McNemar(onlyFirst, onlySecond, p);
  }

  /** Whether {@link #p} comes from the binomial distribution. */
  public boolean exact() {
    return onlyFirst + onlySecond < EXACT_BELOW;
  }

  private static double exact(int b, int c) {
    if (b + c == 0) {
      return 1;
    }
    double tail = BinomialDistribution.of(b + c, 0.5).cumulativeProbability(Math.min(b, c));
    return Math.min(1, 2 * tail);
  }

  private static double corrected(int b, int c) {
    double excess = Math.max(0, Math.abs(b - c) - 1);
    return ChiSquaredDistribution.of(1).survivalProbability(excess * excess / (b + c));
  }
}
