package dev.ilora.report;

import dev.ilora.results.TrainingPoint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Training curves: language models and recommenders apart, since their losses do not compare. */
final class CurveSection {
  /** Quantities whose axis begins at 0: a share of them is what matters. */
  private static final Map<String, String> FROM_ZERO =
      Map.of(
          TrainingPoint.LEARNING_RATE, "Learning rate",
          TrainingPoint.TOKENS_PER_SECOND, "Tokens a second");

  private CurveSection() {}

  static void write(Html page, List<ReportRun> runs) {
    List<ReportRun> trained = runs.stream().filter(run -> !run.curve().isEmpty()).toList();
    if (trained.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Training");
    group(page, "Language models", trained.stream().filter(r -> !r.trainsRecommender()).toList());
    group(page, "Recommenders", trained.stream().filter(r -> r.trainsRecommender()).toList());
    page.close();
  }

  private static void group(Html page, String name, List<ReportRun> runs) {
    if (runs.isEmpty()) {
      return;
    }
    page.element("h3", name);
    page.open("p", "class", "legend");
    runs.stream().map(ReportRun::method).distinct().forEach(method -> legend(page, method));
    page.close().open("div", "class", "charts");
    keys(runs).forEach(key -> chart(runs, key).write(page));
    page.close();
  }

  private static void legend(Html page, String method) {
    page.open("span");
    page.element("span", "", "class", "swatch", "style", "background:" + Palette.of(method));
    page.text(method + " ").close();
  }

  /** Names of values in the order of their charts: loss, validation, others, speed. */
  private static List<String> keys(List<ReportRun> runs) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> run.curve().forEach(point -> keys.addAll(point.values().keySet())));
    keys.remove(TrainingPoint.SECONDS);
    return keys.stream().sorted(Comparator.comparingInt(CurveSection::place)).toList();
  }

  private static int place(String key) {
    if (key.equals(TrainingPoint.LOSS)) {
      return 0;
    }
    return key.startsWith(TrainingPoint.VALIDATION) ? 1 : FROM_ZERO.containsKey(key) ? 3 : 2;
  }

  private static LineChart chart(List<ReportRun> runs, String key) {
    List<LineChart.Line> lines =
        runs.stream()
            .map(run -> LineChart.Line.of(run.name(), Palette.of(run.method()), run.curve(), key))
            .filter(line -> line.values().length > 0)
            .toList();
    return new LineChart(title(key), lines, FROM_ZERO.containsKey(key));
  }

  private static String title(String key) {
    if (key.equals(TrainingPoint.LOSS)) {
      return "Training loss";
    }
    return key.startsWith(TrainingPoint.VALIDATION)
        ? "Validation " + key.substring(TrainingPoint.VALIDATION.length())
        : FROM_ZERO.getOrDefault(key, key);
  }
}
