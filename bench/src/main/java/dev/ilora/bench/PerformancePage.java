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

      `ilora bench report` wrote this page from the results of the commands below. Variants of the
      same work run alternately in one process. Seconds are medians, with the fastest and slowest
      run in brackets. Ratios are ratios of medians. Weights are random, prompts are those of real
      cases. Each section says when and on what it was measured. Where there are several threads,
      each takes a share of the examples; only the reference shares every operation among them, as
      the released code does.

      - **reference**: The released research code's way, on the same engine, weights and prompts.
        Every prompt is padded to the longest of an unsorted batch. Every expert's output is
        formed and then weighted. Attention scores are formed. There are logits at all positions
        over the whole vocabulary. Candidates are scored one at a time, each by a pass over prompt
        and title. A test shows that its losses, gradients and scores are ours.
      - **lora**: One expert of the same total rank.
      - **frozen**: Forward and input-gradient pass without adapters.
      - **checkpointed**: Layers are computed a second time on the way back instead of being
        remembered.
      - **products**: Only the matrix products of the frozen projections, forward and input
        gradient, with the shapes of the batch: the rate the engine reaches on this machine.
      - **utilisation**: The operations a step cannot do without (`NecessaryWork`), divided by its
        time, as a share of the rate of *products*.
      - **necessary gflop**: The operations that reading the prompts and scoring the inner nodes
        of the token trees cannot do without.
      - **peak mib**: The highest resident size in the first two steps less the size before, each
        variant in a process of its own.
      - **working mib**: The same for two further steps, when buffers and moments exist:
        activations and gradients.
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
