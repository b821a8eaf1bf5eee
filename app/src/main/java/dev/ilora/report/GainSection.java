package dev.ilora.report;

import dev.ilora.compare.CaseGroups;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ExplanationContent;
import dev.ilora.compare.GainTable;
import dev.ilora.compare.TableContent;
import java.util.List;
import java.util.Locale;

/** HR@1 of every method by groups of cases, and where one's gain over another comes from. */
final class GainSection {
  private GainSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.stream().allMatch(e -> e.gains().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "Where the gain comes from");
    page.element(
        "p",
        "HR@1 of every method for groups of test cases. The difference has a 95 % interval that"
            + " resamples users; its part of the whole is the group's difference times its share of"
            + " the cases, and adds up to that of all cases. Of twenty intervals one is expected to"
            + " miss by chance: read single groups with care. A user with several cases may be in"
            + " several groups. Clusters are of the sequence embeddings (K-means), the largest"
            + " first.");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      List<TableContent> contents = ExplanationContent.of(explanation).gains();
      for (int i = 0; i < contents.size(); i++) {
        GainTable table = explanation.gains().get(i);
        page.element("h3", dataset + table.property());
        table(contents.get(i), table, palette)
            .write(page, "HR@1 by " + table.property() + ", " + explanation.dataset());
        cold(page, table);
      }
    }
    page.close();
  }

  /** Says how many cases ask for an item that training never saw. */
  private static void cold(Html page, GainTable table) {
    int all = table.lines().getLast().cases();
    table.lines().stream()
        .filter(line -> line.group().equals(CaseGroups.COLD))
        .forEach(
            line ->
                page.element(
                    "p",
                    String.format(
                        Locale.ROOT,
                        "%,d of %,d cases are cold: training never saw their target chosen. What"
                            + " others chose says nothing about it.",
                        line.cases(),
                        all),
                    "class",
                    "note"));
  }

  private static HtmlTable table(TableContent content, GainTable table, Palette palette) {
    return table
        .compared()
        .map(pair -> HtmlTable.drawn(content, palette, IntervalPlot.of(table), pair.first()))
        .orElseGet(() -> HtmlTable.of(content, palette));
  }
}
