package dev.ilora.report;

import dev.ilora.compare.ExpertMix;
import dev.ilora.compare.Explanation;
import java.util.List;
import java.util.Locale;

/** What the gate gives each expert, by group and by cluster of users. */
final class ExpertSection {
  private ExpertSection() {}

  static void write(Html page, List<Explanation> explanations) {
    if (explanations.stream().allMatch(e -> e.experts().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "Expert weights by user group");
    page.element(
        "p",
        "Mean weight of each expert over the rows of a group; stronger colour is more. The last"
            + " line is the standard deviation over all rows: where it is near 0 the gate treats"
            + " all users alike. Entropy is the mean over rows, divided by that of equal weights:"
            + " 1 where all experts weigh the same, 0 where one has all the weight.");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      explanation.experts().forEach(mix -> mix(page, mix, dataset));
    }
    page.close();
  }

  private static void mix(Html page, ExpertMix mix, String dataset) {
    page.element("h3", dataset + mix.run() + ", by " + mix.property().toLowerCase(Locale.ROOT));
    page.open("div", "class", "wide").open("table", "class", "heat").open("thead").open("tr");
    page.element("th", mix.property()).element("th", "rows", "class", "number");
    for (int k = 1; k <= mix.deviation().length; k++) {
      page.element("th", "expert " + k, "class", "number");
    }
    page.element("th", "entropy", "class", "number");
    page.close().close().open("tbody");
    boolean one = mix.groups().size() == 2;
    mix.groups().subList(one ? 1 : 0, mix.groups().size()).forEach(group -> line(page, group));
    deviation(page, mix.deviation());
    page.close().close().close();
    if (!one) {
      page.element(
          "p",
          String.format(
              Locale.ROOT,
              "%.1f %% of the weights' variance lies between these groups, the rest within them.",
              100 * mix.betweenShare()));
    }
  }

  private static void line(Html page, ExpertMix.Group group) {
    page.open("tr").element("th", group.name(), "scope", "row");
    page.element("td", String.format(Locale.ROOT, "%,d", group.rows()), "class", "number");
    for (double weight : group.weights()) {
      String shade = String.format(Locale.ROOT, "--w:%.0f%%", 100 * Math.clamp(weight, 0, 1));
      page.element("td", number(weight), "class", "number cell", "style", shade);
    }
    page.element("td", number(group.entropy()), "class", "number").close();
  }

  private static void deviation(Html page, double[] deviation) {
    page.open("tr", "class", "small").element("th", "standard deviation", "scope", "row");
    page.element("td", "");
    for (double value : deviation) {
      page.element("td", number(value), "class", "number");
    }
    page.element("td", "").close();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
