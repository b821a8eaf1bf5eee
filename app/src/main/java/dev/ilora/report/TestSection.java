package dev.ilora.report;

import dev.ilora.compare.ResultContent;
import dev.ilora.compare.ResultTable;
import dev.ilora.statistics.PairedTest;
import java.util.List;

/** Paired tests, folded and complete. */
final class TestSection {
  private TestSection() {}

  static void write(Html page, List<ResultTable> tables, Palette palette) {
    List<ResultTable> tested = tables.stream().filter(t -> !t.tests().isEmpty()).toList();
    if (tested.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Paired tests");
    page.element(
        "p",
        "The same cases under two methods. The bootstrap draws users, so it allows for several"
            + " cases of one user; McNemar's test takes cases as independent and is on the first"
            + " rank. Of twenty tests one is expected to be clear by chance.");
    tested.forEach(table -> tests(page, table, palette));
    page.close();
  }

  private static void tests(Html page, ResultTable table, Palette palette) {
    ResultContent content = ResultContent.of(table);
    String data = table.data().name() + table.caseSet().caption();
    List<PairedTest> tests = table.tests();
    long clear = tests.stream().filter(test -> !test.difference().contains(0)).count();
    page.open("details");
    page.element(
        "summary",
        "%s: %s tests of %s, %s with an interval clear of 0"
            .formatted(data, tests.size(), tests.getFirst().first(), clear));
    HtmlTable.of(content.tests(), palette).write(page, "Paired tests, " + data);
    if (!content.gains().isEmpty()) {
      page.element("h3", "What instance-wise adapters gain");
      HtmlTable.of(content.gains(), palette).write(page, "Relative gains, " + data);
    }
    page.close();
  }
}
