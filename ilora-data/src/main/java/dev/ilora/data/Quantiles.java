package dev.ilora.data;

import java.util.Arrays;
import java.util.Locale;

/**
 * Where a distribution of counts lies. Quantile q of n values is the value at rank {@code ceil(q
 * n)}.
 *
 * @param min smallest value
 * @param q05 5 % of values are at most this
 * @param q25 25 %
 * @param median 50 %
 * @param q75 75 %
 * @param q95 95 %
 * @param max largest value
 * @param mean mean value
 */
public record Quantiles(
    int min, int q05, int q25, int median, int q75, int q95, int max, double mean) {
  /** Quantiles of values, all 0 if there are none. */
  public static Quantiles of(int[] values) {
    if (values.length == 0) {
      return new Quantiles(0, 0, 0, 0, 0, 0, 0, 0);
    }
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(
        sorted[0],
        at(sorted, 0.05),
        at(sorted, 0.25),
        at(sorted, 0.5),
        at(sorted, 0.75),
        at(sorted, 0.95),
        sorted[sorted.length - 1],
        Arrays.stream(sorted).average().orElseThrow());
  }

  private static int at(int[] sorted, double q) {
    return sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "min %s, 5 %% %s, 25 %% %s, median %s, 75 %% %s, 95 %% %s, max %s, mean %.1f",
        min,
        q05,
        q25,
        median,
        q75,
        q95,
        max,
        mean);
  }
}
