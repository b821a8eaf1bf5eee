package dev.ilora.report;

import dev.ilora.compare.ResultContent;
import dev.ilora.compare.ResultTable;
import dev.ilora.runs.Run;
import java.util.List;
import java.util.Locale;

/** Tables of methods, their intervals drawn, and published figures. */
final class ResultSection {
  private ResultSection() {}

  static void write(Html page, List<ResultTable> tables, List<Run> runs, Palette palette) {
    page.open("section").element("h2", "Results");
    tables.forEach(table -> table(page, table, palette));
    long missing = runs.stream().filter(run -> run.outcomes().isEmpty()).count();
    if (missing > 0) {
      page.element(
          "p", missing + (missing == 1 ? " run has" : " runs have") + " not been evaluated.");
    }
    page.close();
  }

  private static void table(Html page, ResultTable table, Palette palette) {
    ResultContent content = ResultContent.of(table);
    double chance = table.candidates().isPresent() ? 1.0 / table.candidates().getAsInt() : 0;
    caption(page, table, chance);
    String data = table.data().name() + table.caseSet().caption();
    HtmlTable.drawn(content.methods(), palette, IntervalPlot.of(table, chance))
        .write(page, "Methods on " + data, "methods");
    if (table.methods().size() > 1) {
      note(
          page,
          "★ is the best of its column. Whether that may be chance, the intervals tell, and the"
              + " paired tests below.");
    }
    if (!content.published().isEmpty()) {
      page.element("h3", "What others published of the same cases");
      HtmlTable.of(content.published(), palette).write(page, "Published figures of " + data);
      note(
          page,
          "Figures of the same data set, the same number of candidates, the same protocol and the"
              + " same metric. Candidates were drawn anew there, and language models are as"
              + " named.");
    }
    page.open("details").element("summary", "Every figure with its interval");
    HtmlTable.of(content.everything(), palette).write(page, "Every figure of " + data);
    page.close();
  }

  private static void caption(Html page, ResultTable table, double chance) {
    page.element(
        "p",
        table.data().name()
            + table.caseSet().caption()
            + String.format(
                Locale.ROOT,
                ": %,d cases of %,d users on frozen candidates %s. Intervals are 95 %% and resample"
                    + " users. HR, NDCG and MRR divide by all cases; paper HR@1 divides by the"
                    + " cases with a valid answer, as the papers do.",
                table.cases(),
                table.users(),
                ResultContent.shortHash(table.candidatesHash()))
            + (chance > 0
                ? String.format(Locale.ROOT, " The dashed line is chance, %.3f.", chance)
                : ""));
  }

  private static void note(Html page, String text) {
    page.element("p", text, "class", "small");
  }
}
