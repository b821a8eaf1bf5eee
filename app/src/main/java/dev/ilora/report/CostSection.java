package dev.ilora.report;

import dev.ilora.compare.Explanation;
import dev.ilora.compare.ExplanationContent;
import java.util.List;

/** Time, memory and trained parameters of every method. */
final class CostSection {
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
      HtmlTable.of(ExplanationContent.of(explanation).costs(), palette)
          .write(page, "Cost of a run, " + explanation.dataset());
    }
    page.close();
  }
}
