package dev.ilora.report;

import dev.ilora.compare.Explanation;
import dev.ilora.compare.MethodCost;
import java.util.List;
import java.util.Locale;

/** Time, memory and trained parameters of every method. */
final class CostSection {
  private static final double MEBIBYTE = 1 << 20;

  private CostSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "What it costs");
    page.element(
        "p",
        "Means over the seeds of a method. Seconds are of the run's own training and evaluation, on"
            + " as many compute threads as shown; the base model and the recommender that guides"
            + " are made once for all runs and not counted here. The evaluation includes loading"
            + " the model and keeping examples. Memory is the highest resident size of the process"
            + " during training or evaluation less its size before, Java heap included, the largest"
            + " over the seeds; for runs that shared the process it is that of their first steps,"
            + " tried alone.");
    for (Explanation explanation : explanations) {
      if (explanations.size() > 1) {
        page.element("h3", explanation.dataset());
      }
      table(page, explanation.costs(), palette);
    }
    page.close();
  }

  private static void table(Html page, List<MethodCost> rows, Palette palette) {
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "Method");
    for (String name :
        List.of(
            "trained parameters",
            "threads",
            "training, s",
            "evaluation, s",
            "ms a row",
            "peak memory, MiB")) {
      page.element("th", name, "class", "number");
    }
    page.close().close().open("tbody");
    rows.forEach(row -> row(page, row, palette));
    page.close().close().close();
  }

  private static void row(Html page, MethodCost row, Palette palette) {
    page.open("tr").open("th", "scope", "row");
    palette.swatch(page, row.method());
    page.text(row.method()).close();
    number(page, row.parameters(), 1);
    number(page, row.threads(), 1);
    page.element("td", seconds(row.trainSeconds()), "class", "number");
    page.element("td", seconds(row.evaluateSeconds()), "class", "number");
    page.element("td", format("%,.1f", row.rowMilliseconds()), "class", "number");
    number(page, row.peakBytes(), MEBIBYTE);
    page.close();
  }

  private static void number(Html page, Long amount, double unit) {
    String shown = amount == null ? "–" : format("%,.0f", amount / unit);
    page.element("td", shown, "class", "number");
  }

  private static String seconds(double seconds) {
    return format(seconds < 10 ? "%.1f" : "%,.0f", seconds);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
