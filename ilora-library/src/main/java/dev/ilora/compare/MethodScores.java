package dev.ilora.compare;

import dev.ilora.runs.RunResult;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One method's line in a table.
 *
 * @param method name of the method
 * @param seeds number of runs that differ in their seed
 * @param figures mean over seeds with its 95 % interval over users, of the metrics its rows define
 * @param seedDeviation standard deviation of HR@1 over the seeds (n - 1), or 0 with one seed
 * @param seconds mean duration of a run, its evaluations included
 */
public record MethodScores(
    String method, int seeds, Map<Metric, Interval> figures, double seedDeviation, double seconds) {
  /** Keeps the figures in the order of {@link Metric}. */
  public MethodScores {
    Map<Metric, Interval> ordered = new EnumMap<>(Metric.class);
    ordered.putAll(figures);
    figures = Collections.unmodifiableMap(ordered);
  }

  static MethodScores of(List<RunResult> runs, Bootstrap bootstrap) {
    List<Outcomes> predictions = runs.stream().map(RunResult::predictions).toList();
    List<List<Outcome>> seeds = predictions.stream().map(Outcomes::rows).toList();
    List<Metric> defined =
        Arrays.stream(Metric.values()).filter(m -> seeds.stream().allMatch(m::definedFor)).toList();
    List<Interval> intervals = bootstrap.seedsIntervals(seeds, defined);
    Map<Metric, Interval> figures = new EnumMap<>(Metric.class);
    IntStream.range(0, defined.size()).forEach(i -> figures.put(defined.get(i), intervals.get(i)));
    return new MethodScores(
        predictions.getFirst().method(),
        runs.size(),
        figures,
        deviation(predictions),
        runs.stream().mapToDouble(run -> run.manifest().totalSeconds()).average().orElseThrow());
  }

  private static double deviation(List<Outcomes> runs) {
    if (runs.size() < 2) {
      return 0;
    }
    double[] values = runs.stream().mapToDouble(r -> r.metrics().get(Metric.HR_1)).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
