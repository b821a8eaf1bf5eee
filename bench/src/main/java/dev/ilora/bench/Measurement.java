package dev.ilora.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was measured of one variant.
 *
 * @param name the variant's
 * @param medianSeconds of its repetitions
 * @param minSeconds the fastest
 * @param maxSeconds the slowest
 * @param repetitions how many were timed
 * @param figures what follows from the median, by name with unit: {@code examplesPerSecond}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Measurement(
    String name,
    double medianSeconds,
    double minSeconds,
    double maxSeconds,
    int repetitions,
    Map<String, Double> figures) {
  /** Copies the figures. */
  public Measurement {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(figures, "figures");
    figures = new LinkedHashMap<>(figures);
  }

  /** The measurement of a timed variant. */
  static Measurement of(String name, Timing timing, Map<String, Double> figures) {
    return new Measurement(
        name, timing.median(), timing.min(), timing.max(), timing.seconds().size(), figures);
  }

  /** The same with one more figure. */
  public Measurement with(String figure, double value) {
    Map<String, Double> more = new LinkedHashMap<>(figures);
    more.put(figure, value);
    return new Measurement(name, medianSeconds, minSeconds, maxSeconds, repetitions, more);
  }
}
