package dev.ilora.compare;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Run;
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
 * @param protocol how it ranks the candidates: {@code scores}, {@code likelihood}, {@code
 *     constrained} or {@code generate}
 * @param seeds number of runs that differ in their seed
 * @param figures mean over seeds with its 95 % interval over users, of the metrics its cases define
 * @param seedDeviation standard deviation of HR@1 over the seeds (n - 1), or 0 with one seed
 * @param seconds mean duration of a run, its evaluations included
 */
public record MethodScores(
    String method,
    String protocol,
    int seeds,
    Map<Metric, Interval> figures,
    double seedDeviation,
    double seconds) {
  /** Keeps the figures in the order of {@link Metric}. */
  public MethodScores {
    Map<Metric, Interval> ordered = new EnumMap<>(Metric.class);
    ordered.putAll(figures);
    figures = Collections.unmodifiableMap(ordered);
  }

  static MethodScores of(CaseSet set, List<Run> runs, Bootstrap bootstrap) {
    List<Outcomes> outcomes = runs.stream().map(run -> run.on(set)).toList();
    List<List<Outcome>> seeds = outcomes.stream().map(Outcomes::rows).toList();
    List<Metric> defined =
        Arrays.stream(Metric.values()).filter(m -> seeds.stream().allMatch(m::definedFor)).toList();
    List<Interval> intervals = bootstrap.seedsIntervals(seeds, defined);
    Map<Metric, Interval> figures = new EnumMap<>(Metric.class);
    IntStream.range(0, defined.size()).forEach(i -> figures.put(defined.get(i), intervals.get(i)));
    return new MethodScores(
        outcomes.getFirst().method(),
        outcomes.getFirst().protocol(),
        runs.size(),
        figures,
        deviation(outcomes),
        runs.stream().mapToDouble(run -> run.record().ownSeconds()).average().orElseThrow());
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
