package dev.ilora.compare;

import dev.ilora.runs.EvaluatedRun;
import dev.ilora.runs.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a method took, the mean over its seeds where nothing else is said. What several runs share,
 * the base model and the recommender that guides, is not counted with any of them.
 *
 * @param method name of the method
 * @param seeds number of runs that differ in their seed
 * @param parameters how many numbers training changed; null where a run does not say
 * @param threads compute threads it was trained on, or evaluated where it is not trained; null
 *     where a run does not say or runs differ
 * @param trainSeconds duration of training; 0 where nothing is trained
 * @param evaluateSeconds duration of the evaluation, with loading the model and keeping examples
 * @param rowMilliseconds duration of the evaluation by row
 * @param peakBytes the most memory training or evaluation took over what the process held before,
 *     the largest over the seeds; of runs at the same time that of their first steps, tried alone;
 *     null where it was not measured
 */
public record MethodCost(
    String method,
    int seeds,
    Long parameters,
    Long threads,
    double trainSeconds,
    double evaluateSeconds,
    double rowMilliseconds,
    Long peakBytes) {

  private static final List<String> PEAKS =
      List.of(
          Manifest.peakBytes(Manifest.TRAIN),
          Manifest.peakBytes(Manifest.EVALUATE),
          Manifest.REHEARSAL_PEAK_BYTES);

  /**
   * Sums up the runs of one method.
   *
   * @param runs at least one
   */
  public static MethodCost of(List<EvaluatedRun> runs) {
    List<Manifest> manifests = runs.stream().map(EvaluatedRun::manifest).toList();
    double evaluate = seconds(manifests, Manifest.EVALUATE);
    return new MethodCost(
        runs.getFirst().method(),
        runs.size(),
        same(manifests.stream().map(m -> m.resources().get(Manifest.TRAINED_PARAMETERS)).toList()),
        same(manifests.stream().map(MethodCost::threads).toList()),
        seconds(manifests, Manifest.TRAIN),
        evaluate,
        1000 * evaluate / runs.getFirst().predictions().rows().size(),
        peak(manifests));
  }

  private static double seconds(List<Manifest> manifests, String phase) {
    return manifests.stream()
        .mapToDouble(manifest -> manifest.seconds().getOrDefault(phase, 0.0))
        .average()
        .orElseThrow();
  }

  private static Long threads(Manifest manifest) {
    Map<String, Long> resources = manifest.resources();
    return resources.getOrDefault(
        Manifest.threads(Manifest.TRAIN), resources.get(Manifest.threads(Manifest.EVALUATE)));
  }

  private static Long same(List<Long> values) {
    return values.stream().distinct().count() == 1 ? values.getFirst() : null;
  }

  private static Long peak(List<Manifest> manifests) {
    return manifests.stream()
        .map(Manifest::resources)
        .flatMap(resources -> PEAKS.stream().map(resources::get))
        .filter(Objects::nonNull)
        .max(Long::compare)
        .orElse(null);
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("method", method);
    fields.put("seeds", seeds);
    fields.put("trained_parameters", parameters);
    fields.put("threads", threads);
    fields.put("train_seconds", trainSeconds);
    fields.put("evaluate_seconds", evaluateSeconds);
    fields.put("evaluate_milliseconds_per_row", rowMilliseconds);
    fields.put("peak_bytes", peakBytes);
    return fields;
  }
}
