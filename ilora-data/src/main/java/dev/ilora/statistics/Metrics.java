package dev.ilora.statistics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one method on one set of rows.
 *
 * @param rows number of rows, the denominator of all but the papers' HR@1
 * @param values the metrics the rows define: of free generation alone none beyond the first rank,
 *     of a recommender none of the papers' figures about answers
 */
public record Metrics(int rows, Map<Metric, Double> values) {
  /** Keeps an unmodifiable copy in the order of {@link Metric}. */
  public Metrics {
    Map<Metric, Double> ordered = new EnumMap<>(Metric.class);
    ordered.putAll(values);
    values = Collections.unmodifiableMap(ordered);
  }

  /**
   * Computes every metric the rows define.
   *
   * @throws IllegalArgumentException if there are no rows
   */
  public static Metrics of(List<Outcome> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no rows to compute metrics of");
    }
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      if (metric.definedFor(rows)) {
        values.put(metric, value(rows, metric));
      }
    }
    return new Metrics(rows.size(), values);
  }

  /**
   * The value of a metric.
   *
   * @throws IllegalArgumentException if the rows do not define it
   */
  public double get(Metric metric) {
    Double value = values.get(metric);
    if (value == null) {
      throw new IllegalArgumentException(
          metric.key() + " is not defined by these rows: some have no rank or no answer");
    }
    return value;
  }

  /** Name in files to value, for JSON, in the order of {@link Metric}. */
  public Map<String, Double> byKey() {
    Map<String, Double> named = new LinkedHashMap<>();
    values.forEach((metric, value) -> named.put(metric.key(), value));
    return named;
  }

  private static double value(List<Outcome> rows, Metric metric) {
    double numerator = 0;
    double denominator = 0;
    for (Outcome row : rows) {
      numerator += metric.numerator(row);
      denominator += metric.denominator(row);
    }
    return Metric.ratio(numerator, denominator);
  }
}
