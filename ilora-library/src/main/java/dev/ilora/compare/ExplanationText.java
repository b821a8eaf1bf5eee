package dev.ilora.compare;

import dev.ilora.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Words and numbers of an {@link Explanation}. */
final class ExplanationText {
  private static final double MEBIBYTE = 1 << 20;

  private ExplanationText() {}

  static String text(Explanation explanation) {
    return caption(explanation) + joined(explanation, TextGrid::text);
  }

  static String markdown(Explanation explanation) {
    return caption(explanation) + joined(explanation, TextGrid::markdown);
  }

  private static String caption(Explanation explanation) {
    return explanation.gains().isEmpty()
        ? ""
        : "HR@1 by groups of rows; 95 % intervals clustered by user.\n\n";
  }

  private static String joined(Explanation explanation, Function<TextGrid, String> form) {
    List<TextGrid> grids = new ArrayList<>();
    explanation.gains().forEach(table -> grids.add(grid(table)));
    if (!explanation.experts().isEmpty()) {
      grids.add(experts(explanation.experts()));
    }
    grids.add(costs(explanation.costs()));
    return grids.stream().map(form).collect(Collectors.joining("\n"));
  }

  private static TextGrid grid(GainTable table) {
    List<String> header = new ArrayList<>(List.of(table.property(), "rows", "users"));
    header.addAll(table.lines().getFirst().hits().keySet());
    if (table.first() != null) {
      header.add(table.first() + " - " + table.second() + " [95 % interval]");
      header.add("part of it");
    }
    return new TextGrid(
        header, table.lines().stream().map(line -> cells(line, table.first() != null)).toList());
  }

  private static List<String> cells(GainTable.Line line, boolean compared) {
    List<String> cells = new ArrayList<>();
    cells.add(line.group());
    cells.add(format("%,d", line.rows()));
    cells.add(format("%,d", line.users()));
    line.hits().values().forEach(hits -> cells.add(format("%.4f", hits)));
    if (compared) {
      Interval gain = line.gain();
      cells.add(
          gain == null
              ? "-"
              : format("%+.4f [%+.4f, %+.4f]", gain.estimate(), gain.low(), gain.high()));
      cells.add(format("%+.4f", line.part()));
    }
    return cells;
  }

  private static TextGrid experts(List<ExpertMix> mixes) {
    return new TextGrid(
        List.of("Expert weights", "grouped by", "variance between groups", "entropy / ln K"),
        mixes.stream()
            .map(
                mix ->
                    List.of(
                        mix.run(),
                        mix.property().toLowerCase(Locale.ROOT),
                        format("%.1f %%", 100 * mix.betweenShare()),
                        format("%.3f", mix.entropy())))
            .toList());
  }

  private static TextGrid costs(List<MethodCost> costs) {
    return new TextGrid(
        List.of(
            "Cost of a run",
            "trained parameters",
            "threads",
            "train s",
            "evaluate s",
            "ms a row",
            "peak MiB"),
        costs.stream().map(ExplanationText::cells).toList());
  }

  private static List<String> cells(MethodCost row) {
    return List.of(
        row.method(),
        row.parameters() == null ? "-" : format("%,d", row.parameters()),
        row.threads() == null ? "-" : Long.toString(row.threads()),
        seconds(row.trainSeconds()),
        seconds(row.evaluateSeconds()),
        format("%.1f", row.rowMilliseconds()),
        row.peakBytes() == null ? "-" : format("%,.0f", row.peakBytes() / MEBIBYTE));
  }

  private static String seconds(double seconds) {
    return format(seconds < 10 ? "%.1f" : "%,.0f", seconds);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
