package dev.ilora.statistics;

/**
 * An estimate with its 95 % interval.
 *
 * @param estimate the figure on all rows
 * @param low lower end, the 2.5 % percentile of the resamples
 * @param high upper end, the 97.5 % percentile
 */
public record Interval(double estimate, double low, double high) {
  /** Whether the interval holds a value, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
