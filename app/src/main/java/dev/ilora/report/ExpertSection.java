package dev.ilora.report;

import dev.ilora.compare.ExpertMix;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ExplanationContent;
import dev.ilora.compare.TableContent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the gate gives each expert, by group and by cluster of users. */
final class ExpertSection {
  private ExpertSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.stream().allMatch(e -> e.experts().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "Expert weights by user group");
    page.element(
        "p",
        "Mean weight of each expert over the cases of a group; stronger colour is more. Entropy is"
            + " the mean over cases, divided by that of equal weights: 1 where all experts weigh"
            + " the same, 0 where one has all the weight.");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      explanation.experts().forEach(mix -> mix(page, mix, dataset, palette));
    }
    page.close();
  }

  private static void mix(Html page, ExpertMix mix, String dataset, Palette palette) {
    page.element("h3", dataset + mix.run() + ", by " + mix.property().toLowerCase(Locale.ROOT));
    TableContent groups = ExplanationContent.groups(mix);
    boolean one = mix.groups().size() == 2;
    TableContent shown =
        one ? new TableContent(groups.columns(), groups.rows().subList(1, 2)) : groups;
    HtmlTable.of(shown, palette).write(page, "heat");
    String deviations =
        Arrays.stream(mix.deviation())
            .mapToObj(deviation -> String.format(Locale.ROOT, "%.3f", deviation))
            .collect(Collectors.joining(", "));
    page.element(
        "p",
        "Standard deviation of each weight over all cases: "
            + deviations
            + "; where it is near 0 the gate treats all users alike.");
    if (!one) {
      page.element(
          "p",
          String.format(
              Locale.ROOT,
              "%.1f %% of the weights' variance lies between these groups, the rest within them.",
              100 * mix.betweenShare()));
    }
  }
}
