package dev.ilora.report;

import dev.ilora.compare.Explanation;
import dev.ilora.compare.GainTable;
import dev.ilora.statistics.Interval;
import java.util.List;
import java.util.Locale;

/** HR@1 of every method by groups of rows, and where one's gain over another comes from. */
final class GainSection {
  private GainSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.stream().allMatch(e -> e.gains().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "Where the gain comes from");
    page.element(
        "p",
        "HR@1 of every method for groups of test rows. The difference has a 95 % interval that"
            + " resamples users; its part of the whole is the group's difference times its share of"
            + " the rows, and adds up to that of all rows. Of twenty intervals one is expected to"
            + " miss by chance: read single groups with care. A user with several rows may stand in"
            + " several groups. Clusters are of the sequence embeddings (K-means), the largest"
            + " first.");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      explanation.gains().forEach(table -> table(page, table, dataset, palette));
    }
    page.close();
  }

  private static void table(Html page, GainTable table, String dataset, Palette palette) {
    IntervalPlot plot = IntervalPlot.of(table);
    boolean compared = table.first() != null;
    page.element("h3", dataset + table.property());
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", table.property());
    page.element("th", "rows", "class", "number").element("th", "users", "class", "number");
    for (String method : table.lines().getFirst().hits().keySet()) {
      page.element("th", method, "class", "number");
    }
    if (compared) {
      page.element("th", table.first() + " − " + table.second(), "class", "number");
      page.open("th");
      plot.writeScale(page);
      page.close().element("th", "part of it", "class", "number");
    }
    page.close().close().open("tbody");
    table.lines().forEach(line -> line(page, line, table, palette, plot));
    page.close().close().close();
  }

  private static void line(
      Html page, GainTable.Line line, GainTable table, Palette palette, IntervalPlot plot) {
    page.open("tr").element("th", line.group(), "scope", "row");
    page.element("td", format("%,d", line.rows()), "class", "number");
    page.element("td", format("%,d", line.users()), "class", "number");
    line.hits()
        .values()
        .forEach(hits -> page.element("td", format("%.4f", hits), "class", "number"));
    if (table.first() != null) {
      gain(page, line.gain(), palette.of(table.first()), plot);
      page.element("td", format("%+.4f", line.part()), "class", "number");
    }
    page.close();
  }

  private static void gain(Html page, Interval gain, String colour, IntervalPlot plot) {
    if (gain == null) {
      page.element("td", "–", "class", "number", "title", "fewer than 10 users").element("td", "");
      return;
    }
    boolean clear = gain.low() > 0 || gain.high() < 0;
    page.open("td", "class", clear ? "number strong" : "number");
    page.text(format("%+.4f ", gain.estimate()));
    page.element("span", format("[%+.4f, %+.4f]", gain.low(), gain.high()), "class", "small");
    page.close().open("td");
    plot.write(page, gain, colour);
    page.close();
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
