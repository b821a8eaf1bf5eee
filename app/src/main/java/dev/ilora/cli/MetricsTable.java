package dev.ilora.cli;

import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Metrics of one evaluation with their intervals.
 *
 * @param metrics all the rows define
 * @param intervals of the same metrics
 */
record MetricsTable(Metrics metrics, Map<Metric, Interval> intervals) {
  static MetricsTable of(List<Outcome> rows) {
    Metrics metrics = Metrics.of(rows);
    List<Metric> defined = List.copyOf(metrics.values().keySet());
    List<Interval> found = Bootstrap.DEFAULT.seedsIntervals(List.of(rows), defined);
    Map<Metric, Interval> intervals = new LinkedHashMap<>();
    for (int i = 0; i < defined.size(); i++) {
      intervals.put(defined.get(i), found.get(i));
    }
    return new MetricsTable(metrics, intervals);
  }

  /** A line for each metric. */
  String text() {
    StringBuilder text = new StringBuilder();
    intervals.forEach(
        (metric, interval) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "  %-21s %.4f  [%.4f, %.4f]%n",
                    metric.label(),
                    metrics.get(metric),
                    interval.low(),
                    interval.high())));
    return text.toString().stripTrailing();
  }

  /** Name in files to the two ends of the interval. */
  Map<String, List<Double>> intervalsByKey() {
    Map<String, List<Double>> ends = new LinkedHashMap<>();
    intervals.forEach(
        (metric, interval) -> ends.put(metric.key(), List.of(interval.low(), interval.high())));
    return ends;
  }
}
