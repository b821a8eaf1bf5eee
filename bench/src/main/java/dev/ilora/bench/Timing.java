package dev.ilora.bench;

import java.util.Arrays;
import java.util.List;

/**
 * How long one variant took.
 *
 * @param seconds of each repetition, in the order measured, at least one
 */
public record Timing(List<Double> seconds) {
  /** Copies the values. */
  public Timing {
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("expected at least 1 repetition, got 0");
    }
    seconds = List.copyOf(seconds);
  }

  /** The middle one; the mean of the middle two of an even number. */
  public double median() {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The fastest repetition. */
  public double min() {
    return Arrays.stream(values()).min().orElseThrow();
  }

  /** The slowest repetition. */
  public double max() {
    return Arrays.stream(values()).max().orElseThrow();
  }

  private double[] values() {
    return seconds.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
