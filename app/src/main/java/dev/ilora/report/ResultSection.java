package dev.ilora.report;

import dev.ilora.compare.MethodScores;
import dev.ilora.compare.ResultTable;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.PairedTest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tables of methods, their intervals drawn, and paired tests. */
final class ResultSection {
  private static final List<Metric> SHOWN =
      List.of(
          Metric.HR_3,
          Metric.HR_5,
          Metric.NDCG_3,
          Metric.NDCG_5,
          Metric.MRR,
          Metric.VALID_RATIO,
          Metric.PAPER_HR_1);

  private ResultSection() {}

  static void write(Html page, List<ResultTable> tables, List<ReportRun> runs, Palette palette) {
    page.open("section").element("h2", "Results");
    for (ResultTable table : tables) {
      double chance = chance(table, runs);
      caption(page, table, chance);
      methods(page, table, IntervalPlot.of(table, chance), palette);
      gains(page, table);
      tests(page, table);
      everything(page, table);
    }
    long missing = runs.stream().filter(run -> run.results().isEmpty()).count();
    if (missing > 0) {
      page.element(
          "p", missing + (missing == 1 ? " run has" : " runs have") + " not been evaluated.");
    }
    page.close();
  }

  private static void caption(Html page, ResultTable table, double chance) {
    page.element(
        "p",
        table.dataset()
            + table.rowSet().caption()
            + String.format(
                Locale.ROOT,
                ": %,d rows of %,d users on frozen candidates %s. Intervals are 95 %% and resample"
                    + " users. HR, NDCG and MRR divide by all rows; paper HR@1 divides by the rows"
                    + " with a valid answer, as the papers do.",
                table.rowCount(),
                table.users(),
                table.candidatesHash())
            + (chance > 0 ? format(" The dashed line is chance, %.3f.", chance) : ""));
  }

  /** HR@1 of a guess, where all rows have the same number of candidates; otherwise 0. */
  private static double chance(ResultTable table, List<ReportRun> runs) {
    int[] counts =
        runs.stream()
            .flatMap(run -> run.results().values().stream())
            .filter(r -> r.predictions().candidatesHash().equals(table.candidatesHash()))
            .flatMap(r -> r.predictions().rows().stream())
            .mapToInt(row -> row.candidates().length)
            .distinct()
            .toArray();
    return counts.length == 1 ? 1.0 / counts[0] : 0;
  }

  private static void methods(Html page, ResultTable table, IntervalPlot plot, Palette palette) {
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "Method");
    page.element("th", "HR@1 [95 % interval]", "class", "number");
    page.open("th");
    plot.writeScale(page);
    page.close();
    SHOWN.forEach(metric -> page.element("th", metric.label(), "class", "number"));
    for (String name : List.of("seeds", "seconds")) {
      page.element("th", name, "class", "number");
    }
    page.close().close().open("tbody");
    table.rows().forEach(row -> method(page, row, plot, palette));
    page.close().close().close();
  }

  private static void method(Html page, MethodScores row, IntervalPlot plot, Palette palette) {
    Interval hits = row.figures().get(Metric.HR_1);
    page.open("tr");
    page.open("th", "scope", "row");
    palette.swatch(page, row.method());
    page.text(row.method()).close();
    page.open("td", "class", "number").text(format("%.4f ", hits.estimate()));
    page.element("span", range(hits), "class", "small").close();
    page.open("td");
    plot.write(page, hits, palette.of(row.method()));
    page.close();
    SHOWN.forEach(metric -> number(page, row.figures().get(metric)));
    String seeds =
        row.seeds() == 1 ? "1" : format("%d (sd of HR@1 %.4f)", row.seeds(), row.seedDeviation());
    page.element("td", Integer.toString(row.seeds()), "class", "number", "title", seeds);
    page.element(
        "td", format(row.seconds() < 10 ? "%.1f" : "%,.0f", row.seconds()), "class", "number");
    page.close();
  }

  private static void number(Html page, Interval figure) {
    if (figure == null) {
      page.element("td", "–", "class", "number");
    } else {
      page.element(
          "td", format("%.4f", figure.estimate()), "class", "number", "title", range(figure));
    }
  }

  /** The comparison of the paper, beside what the paper says. */
  private static void gains(Html page, ResultTable table) {
    List<PairedTest> tests = table.headline();
    if (tests.isEmpty()) {
      return;
    }
    page.element("h3", "What instance-wise adapters gain");
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "Relative gain of");
    page.element("th", "metric");
    for (String name : List.of("gain", "95 % interval", "p (bootstrap)")) {
      page.element("th", name, "class", "number");
    }
    page.close().close().open("tbody");
    tests.forEach(test -> gain(page, test));
    page.close().close().close();
    page.element(
        "p",
        format(
            "The paper reports %+.1f %% in HR@1, averaged over its data sets.",
            100 * ResultTable.PAPER_GAIN),
        "class",
        "small");
  }

  private static void gain(Html page, PairedTest test) {
    page.open("tr");
    page.element("th", test.first() + " over " + test.second(), "scope", "row");
    page.element("td", test.metric().label());
    if (test.gain() == null) {
      page.element("td", "–", "class", "number").element("td", "–", "class", "number");
    } else {
      percentages(page, test.gain());
    }
    page.element("td", probability(test.p()), "class", "number");
    page.close();
  }

  private static void percentages(Html page, Interval gain) {
    boolean clear = gain.low() > 0 || gain.high() < 0;
    page.element(
        "td",
        format("%+.1f %%", 100 * gain.estimate()),
        "class",
        clear ? "number strong" : "number");
    page.element(
        "td",
        format("[%+.1f %%, %+.1f %%]", 100 * gain.low(), 100 * gain.high()),
        "class",
        "number");
  }

  private static void tests(Html page, ResultTable table) {
    if (table.tests().isEmpty()) {
      return;
    }
    page.element("h3", "Paired tests on the same rows");
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "Difference of");
    page.element("th", "metric");
    for (String name :
        List.of(
            "difference", "95 % interval", "p (bootstrap)", "only first : second", "p (McNemar)")) {
      page.element("th", name, "class", "number");
    }
    page.close().close().open("tbody");
    table.tests().forEach(test -> test(page, test));
    page.close().close().close();
    page.element(
        "p",
        "The bootstrap draws users, so it allows for several rows of one user; McNemar's test takes"
            + " rows as independent and is on the first rank.",
        "class",
        "small");
  }

  private static void test(Html page, PairedTest test) {
    boolean first = test.metric() == Metric.HR_1;
    Interval difference = test.difference();
    boolean clear = difference.low() > 0 || difference.high() < 0;
    page.open("tr");
    page.element("th", test.first() + " − " + test.second(), "scope", "row");
    page.element("td", test.metric().label());
    page.element(
        "td", format("%+.4f", difference.estimate()), "class", clear ? "number strong" : "number");
    page.element(
        "td", format("[%+.4f, %+.4f]", difference.low(), difference.high()), "class", "number");
    page.element("td", probability(test.p()), "class", "number");
    page.element(
        "td",
        first ? test.mcNemar().onlyFirst() + " : " + test.mcNemar().onlySecond() : "–",
        "class",
        "number");
    page.element("td", first ? probability(test.mcNemar().p()) : "–", "class", "number");
    page.close();
  }

  private static void everything(Html page, ResultTable table) {
    page.open("details").element("summary", "Every figure with its interval");
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "Metric");
    table.rows().forEach(row -> page.element("th", row.method(), "class", "number"));
    page.close().close().open("tbody");
    Arrays.stream(Metric.values())
        .filter(m -> table.rows().stream().anyMatch(row -> row.figures().containsKey(m)))
        .forEach(metric -> everything(page, table, metric));
    page.close().close().close().close();
  }

  private static void everything(Html page, ResultTable table, Metric metric) {
    page.open("tr").element("th", metric.label(), "scope", "row");
    for (MethodScores row : table.rows()) {
      Interval figure = row.figures().get(metric);
      page.open("td", "class", "number");
      if (figure == null) {
        page.text("–");
      } else {
        page.text(format("%.4f ", figure.estimate()));
        page.element("span", range(figure), "class", "small");
      }
      page.close();
    }
    page.close();
  }

  private static String range(Interval figure) {
    return format("[%.4f, %.4f]", figure.low(), figure.high());
  }

  private static String probability(double p) {
    return p < 0.001 ? "< 0.001" : format("%.3f", p);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
