package dev.ilora.report;

import dev.ilora.runs.Run;
import dev.ilora.runs.TrainingPoint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Training curves of the runs. */
final class CurveSection {
  /** Quantities whose axis begins at 0: a share of them is what matters. */
  private static final Map<String, String> FROM_ZERO =
      Map.of(
          TrainingPoint.LEARNING_RATE, "Learning rate",
          TrainingPoint.TOKENS_PER_SECOND, "Tokens a second");

  /** What {@link ValidationSection} shows, and what only counts. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          TrainingPoint.VALIDATION_HIT_RATE,
          TrainingPoint.VALIDATION_RECIPROCAL_RANK,
          TrainingPoint.EPOCH);

  private CurveSection() {}

  static void write(Html page, List<Run> runs, Palette palette) {
    List<Run> trained = runs.stream().filter(run -> !run.curve().isEmpty()).toList();
    if (trained.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Training");
    page.open("p", "class", "legend");
    trained.stream().map(Run::method).distinct().forEach(method -> legend(page, method, palette));
    page.close();
    ValidationSection.write(page, trained, palette);
    page.element("h3", "Loss and speed").open("div", "class", "charts");
    Map<Boolean, List<Run>> kinds =
        trained.stream()
            .collect(Collectors.partitioningBy(r -> r.record().identity().method().adapts()));
    charts(page, kinds.get(false), " of recommenders", palette);
    charts(page, kinds.get(true), " of language models", palette);
    page.close().close();
  }

  /** Charts of runs of one kind: losses and steps of recommenders are of another size. */
  private static void charts(Html page, List<Run> runs, String kind, Palette palette) {
    keys(runs).forEach(key -> chart(runs, key, kind, palette).write(page));
  }

  private static void legend(Html page, String method, Palette palette) {
    page.open("span");
    palette.stroke(page, method);
    page.text(method + " ").close();
  }

  /** Names of values in the order of their charts: loss, others, speed. */
  private static List<String> keys(List<Run> runs) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> run.curve().forEach(point -> keys.addAll(point.values().keySet())));
    keys.removeAll(ELSEWHERE);
    return keys.stream().sorted(Comparator.comparingInt(CurveSection::place)).toList();
  }

  private static int place(String key) {
    if (key.equals(TrainingPoint.LOSS)) {
      return 0;
    }
    return FROM_ZERO.containsKey(key) ? 2 : 1;
  }

  private static LineChart chart(List<Run> runs, String key, String kind, Palette palette) {
    List<LineChart.Line> lines =
        runs.stream()
            .map(
                run -> LineChart.Line.of(run.title(), palette.line(run.method()), run.curve(), key))
            .filter(line -> line.values().length > 0)
            .toList();
    return new LineChart(
        title(key) + kind, "step", lines, FROM_ZERO.containsKey(key), OptionalDouble.empty());
  }

  private static String title(String key) {
    return key.equals(TrainingPoint.LOSS) ? "Training loss" : FROM_ZERO.getOrDefault(key, key);
  }
}
