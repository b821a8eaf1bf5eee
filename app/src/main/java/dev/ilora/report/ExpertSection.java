package dev.ilora.report;

import dev.ilora.results.ExpertWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the gate gives each expert, by group of users. */
final class ExpertSection {
  private static final String UNGROUPED = "no group";

  private ExpertSection() {}

  static void write(Html page, List<ReportRun> runs) {
    List<ReportRun> gated = runs.stream().filter(run -> !run.experts().isEmpty()).toList();
    if (gated.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Expert weights by user group");
    page.element(
        "p",
        "Mean weight of each expert over the rows of a group; stronger colour is more. The last"
            + " line is the standard deviation over all rows: where it is near 0 the gate treats"
            + " all users alike.");
    gated.forEach(run -> run(page, run));
    page.close();
  }

  private static void run(Html page, ReportRun run) {
    List<ExpertWeights> rows = run.experts();
    int experts = rows.getFirst().weights().length;
    page.element("h3", run.name());
    page.open("div", "class", "wide").open("table", "class", "heat").open("thead").open("tr");
    page.element("th", "Group").element("th", "rows", "class", "number");
    for (int k = 1; k <= experts; k++) {
      page.element("th", "expert " + k, "class", "number");
    }
    page.close().close().open("tbody");
    Map<String, List<ExpertWeights>> groups = groups(rows);
    groups.forEach((name, members) -> line(page, name, members));
    if (groups.size() > 1) {
      line(page, "all rows", rows);
    }
    deviation(page, rows, experts);
    page.close().close().close();
  }

  private static Map<String, List<ExpertWeights>> groups(List<ExpertWeights> rows) {
    Map<String, List<ExpertWeights>> groups = new TreeMap<>();
    for (ExpertWeights row : rows) {
      String name = Objects.requireNonNullElse(row.group(), UNGROUPED);
      groups.computeIfAbsent(name, g -> new ArrayList<>()).add(row);
    }
    return groups;
  }

  private static void line(Html page, String name, List<ExpertWeights> members) {
    page.open("tr").element("th", name, "scope", "row");
    page.element("td", Integer.toString(members.size()), "class", "number");
    for (int k = 0; k < members.getFirst().weights().length; k++) {
      double mean = mean(members, k);
      String shade = String.format(Locale.ROOT, "--w:%.0f%%", 100 * Math.clamp(mean, 0, 1));
      page.element("td", number(mean), "class", "number cell", "style", shade);
    }
    page.close();
  }

  private static void deviation(Html page, List<ExpertWeights> rows, int experts) {
    page.open("tr", "class", "small").element("th", "standard deviation", "scope", "row");
    page.element("td", "");
    for (int k = 0; k < experts; k++) {
      double mean = mean(rows, k);
      int expert = k;
      double variance =
          rows.stream()
              .mapToDouble(row -> Math.pow(row.weights()[expert] - mean, 2))
              .average()
              .orElse(0);
      page.element("td", number(Math.sqrt(variance)), "class", "number");
    }
    page.close();
  }

  private static double mean(List<ExpertWeights> rows, int expert) {
    return rows.stream().mapToDouble(row -> row.weights()[expert]).average().orElse(0);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
