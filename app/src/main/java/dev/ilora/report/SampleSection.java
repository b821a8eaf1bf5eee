package dev.ilora.report;

import dev.ilora.runs.Run;
import dev.ilora.runs.Sample;
import java.util.List;

/** Prompts with what was expected and what came. */
final class SampleSection {
  private SampleSection() {}

  static void write(Html page, List<Run> runs) {
    List<Run> sampled = runs.stream().filter(run -> !run.samples().isEmpty()).toList();
    if (sampled.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Example prompts");
    for (Run run : sampled) {
      page.element("h3", run.title());
      run.samples().forEach(sample -> sample(page, sample));
    }
    page.close();
  }

  private static void sample(Html page, Sample sample) {
    page.open("details", "class", "sample").open("summary");
    page.text("Case " + sample.index() + ", user " + sample.user() + ": ");
    verdict(page, sample);
    page.close();
    page.element("pre", sample.prompt());
    page.open("dl").element("dt", "Next").element("dd", sample.gold());
    sample.answer().ifPresent(answer -> page.element("dt", "Answer").element("dd", answer));
    if (!sample.topCandidates().isEmpty()) {
      page.element("dt", "Ranked").open("dd").open("ol");
      sample.topCandidates().forEach(title -> title(page, title, sample.gold()));
      page.close().close();
    }
    page.close().close();
  }

  private static void verdict(Html page, Sample sample) {
    String given = given(sample);
    boolean right = given.strip().equals(sample.gold().strip());
    page.element("strong", given.strip(), "class", right ? "right" : "wrong");
    page.text(right ? " ✓" : " ✗ " + sample.gold());
  }

  private static String given(Sample sample) {
    return sample.answer().or(() -> sample.topCandidates().stream().findFirst()).orElse("(none)");
  }

  private static void title(Html page, String title, String gold) {
    page.element("li", title, "class", title.equals(gold) ? "right" : "");
  }
}
