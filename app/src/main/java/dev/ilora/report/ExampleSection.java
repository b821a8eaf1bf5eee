package dev.ilora.report;

import dev.ilora.compare.Example;
import dev.ilora.compare.Explanation;
import dev.ilora.runs.Sample;
import java.util.List;
import java.util.stream.Collectors;

/** A few users by name: what they chose, what came next, and what each method said. */
final class ExampleSection {
  /** So many are seen at once; the others are folded. */
  private static final int OPEN = 4;

  private ExampleSection() {}

  static void write(Html page, List<Explanation> explanations, Palette palette) {
    if (explanations.stream().allMatch(e -> e.examples().isEmpty())) {
      return;
    }
    page.open("section").element("h2", "Examples");
    page.element(
        "p",
        "Cases spread evenly over all test cases, and not chosen by how they came out. ✓ is the"
            + " right item, ✗ another one.");
    if (explanations.stream()
        .flatMap(e -> e.examples().stream())
        .anyMatch(e -> !e.cold().isEmpty())) {
      page.element("p", "Items marked cold were never chosen in training.");
    }
    for (Explanation explanation : explanations) {
      String dataset = Report.prefix(explanation, explanations);
      List<Example> all = explanation.examples();
      all.stream().limit(OPEN).forEach(one -> example(page, one, dataset, palette));
      if (all.size() > OPEN) {
        page.open("details").element("summary", all.size() - OPEN + " more examples");
        all.stream().skip(OPEN).forEach(one -> example(page, one, dataset, palette));
        page.close();
      }
    }
    page.close();
  }

  private static void example(Html page, Example one, String dataset, Palette palette) {
    String name =
        dataset
            + "user "
            + one.user()
            + one.group().map(group -> ", of the " + group).orElse("")
            + ", case "
            + one.index();
    page.open("article", "class", "example");
    page.element("h3", capitalised(name));
    page.open("dl");
    if (!one.history().isEmpty()) {
      page.element("dt", "Chose");
      page.element("dd", one.history().stream().map(one::shown).collect(Collectors.joining(" → ")));
    }
    page.element("dt", "Then").open("dd").element("strong", one.shown(one.target())).close();
    one.gates()
        .forEach((method, words) -> page.element("dt", method + "'s gate").element("dd", words));
    page.close();
    HtmlTable.of(one.table(), palette).write(page, "What each method said of " + name);
    if (one.choices().stream().anyMatch(choice -> choice.sample().prompt().isPresent())) {
      page.open("details").element("summary", "Prompts and what was written");
      one.choices().forEach(choice -> prompt(page, choice));
      page.close();
    }
    page.close();
  }

  private static String capitalised(String text) {
    int first = text.codePointAt(0);
    return Character.toString(Character.toUpperCase(first))
        + text.substring(Character.charCount(first));
  }

  private static void prompt(Html page, Example.Choice choice) {
    Sample sample = choice.sample();
    if (sample.prompt().isEmpty()) {
      return;
    }
    page.open("details").element("summary", "Prompt of " + choice.method());
    page.element("pre", sample.prompt().get()).open("dl");
    sample.answer().ifPresent(text -> page.element("dt", "It wrote").element("dd", text));
    if (!sample.topCandidates().isEmpty()) {
      page.element("dt", "It ranked").open("dd").open("ol");
      sample.topCandidates().forEach(title -> page.element("li", title));
      page.close().close();
    }
    page.close().close();
  }
}
