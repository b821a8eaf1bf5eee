package dev.ilora.report;

import dev.ilora.compare.ExpertMix;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ExplanationContent;
import dev.ilora.compare.GateStory;
import dev.ilora.compare.TableContent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the gate does for each group of users, in words and weights. */
final class GateSection {
  private GateSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.stream().allMatch(e -> e.experts().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "What the gate does");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      explanation.gates().forEach(story -> story(page, story, dataset, palette));
    }
    page.open("details").element("summary", "Expert weights of every run, group and cluster");
    page.element(
        "p",
        "Mean weight of each expert over the cases of a group; stronger colour is more. Entropy is"
            + " the mean over cases, divided by that of equal weights: 1 where all experts weigh"
            + " the same, 0 where one has all the weight.");
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      explanation.experts().forEach(mix -> mix(page, mix, dataset, palette));
    }
    page.close().close();
  }

  private static void story(Html page, GateStory story, String dataset, Palette palette) {
    page.element("h3", dataset + story.run());
    page.element("p", String.join(" ", story.sentences()));
    HtmlTable.of(story.table(), palette)
        .write(
            page,
            "HR@1 and expert weights of %s by %s"
                .formatted(story.run(), lower(story.mix().property())),
            "heat");
  }

  private static void mix(Html page, ExpertMix mix, String dataset, Palette palette) {
    String title = dataset + mix.run() + ", by " + lower(mix.property());
    page.element("h3", title);
    TableContent groups = ExplanationContent.groups(mix);
    boolean one = mix.groups().size() == 2;
    TableContent shown =
        one ? new TableContent(groups.columns(), groups.rows().subList(1, 2)) : groups;
    HtmlTable.of(shown, palette).write(page, "Expert weights of " + title, "heat");
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

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
