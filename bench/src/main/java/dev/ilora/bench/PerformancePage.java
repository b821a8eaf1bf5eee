package dev.ilora.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Results of benches as a page in Markdown. */
public final class PerformancePage {
  private static final String INTRODUCTION =
      """
      # Performance

      Written by `ilora bench report` from the results of the commands named below. Variants of the same work ran alternately
      in one process; seconds are medians, with the fastest and slowest run in brackets, and ratios are ratios of medians.
      Weights are random, prompts are those of real rows. Where several threads are used, each takes a share of the examples or
      queries; the reference shares every operation among them, as the released code does.

      - **reference**: the way the released research code does it, on the same engine, weights and prompts: every prompt
        padded to the longest of an unsorted batch, every expert's output formed and then weighted, attention scores
        formed, logits at all positions over the whole vocabulary; candidates scored one at a time, each by a pass over
        prompt and title. A test shows that its losses, gradients and scores are ours.
      - **lora**: one expert of the same total rank. **frozen**: forward and input-gradient pass without adapters.
      - **products**: nothing but the matrix products of the frozen projections, forward and input gradient, with the shapes
        of the batch, every thread with a share of the tokens: the rate that the engine reaches on this machine.
      - **utilisation**: the operations a step cannot do without (`NecessaryWork` has the formula), divided by its time, as a
        share of the rate of **products**.
      - **necessary gflop**: the operations that reading the prompts, and scoring all inner nodes of the candidates' token
        trees, cannot do without.
      - **peak mib**: highest resident size during the first two steps less the size before them, each variant in a process of
        its own. **working mib**: the same of two further steps, when buffers and moments are there: activations and gradients.
      """;

  private PerformancePage() {}

  /** Returns the page. */
  public static String of(List<BenchResult> results) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append("\n## Goals\n\n| goal | wanted | measured | |\n|---|---|---|---|\n");
    for (BenchResult result : results) {
      for (Goal goal : result.goals()) {
        page.append(
            "| %s | %s | %s | %s |\n"
                .formatted(goal.text(), goal.wanted(), measured(goal), verdict(goal)));
      }
    }
    results.forEach(result -> section(page, result));
    return page.toString();
  }

  private static String measured(Goal goal) {
    return goal.measured() == null ? "not available" : number(goal.measured());
  }

  /** {@code reached}, {@code not reached}, or nothing where it was not measured. */
  public static String verdict(Goal goal) {
    return goal.reached() == null ? "" : goal.reached() ? "reached" : "not reached";
  }

  private static void section(StringBuilder page, BenchResult result) {
    page.append("\n## bench ").append(result.bench()).append("\n\n");
    page.append("    ").append(result.command()).append("\n\n");
    page.append("Measured on ").append(result.date()).append("; ");
    page.append(pairs(result.machine())).append(".\n");
    page.append("Sizes: ").append(pairs(result.sizes())).append(".\n\n");
    Set<String> figures = new LinkedHashSet<>();
    result.measurements().forEach(m -> figures.addAll(m.figures().keySet()));
    List<String> head = new ArrayList<>(List.of("variant", "seconds"));
    figures.forEach(figure -> head.add(words(figure)));
    row(page, head);
    row(page, head.stream().map(_ -> "---").toList());
    for (Measurement each : result.measurements()) {
      List<String> cells = new ArrayList<>(List.of(each.name(), seconds(each)));
      for (String figure : figures) {
        Double value = each.figures().get(figure);
        cells.add(value == null ? "" : number(value));
      }
      row(page, cells);
    }
  }

  private static String seconds(Measurement each) {
    return String.format(
        Locale.ROOT,
        "%.3f [%.3f .. %.3f]",
        each.medianSeconds(),
        each.minSeconds(),
        each.maxSeconds());
  }

  private static String pairs(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static void row(StringBuilder page, List<String> cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** A figure with as many digits as are worth reading. */
  public static String number(double value) {
    String format = value < 10 ? "%.3f" : value < 1000 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A name in camelCase as words. */
  public static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }
}
