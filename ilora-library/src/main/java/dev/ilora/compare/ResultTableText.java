package dev.ilora.compare;

import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words and numbers of a {@link ResultTable}. */
final class ResultTableText {
  private static final List<Metric> SHOWN =
      List.of(
          Metric.HR_3,
          Metric.HR_5,
          Metric.NDCG_3,
          Metric.NDCG_5,
          Metric.MRR,
          Metric.VALID_RATIO,
          Metric.PAPER_HR_1);

  /** Of the tests against all other methods; those of iLoRA against LLaRA are shown in full. */
  private static final List<Metric> TESTS_SHOWN = List.of(Metric.HR_1, Metric.NDCG_5);

  private static final int HASH_CHARACTERS = 19;

  private ResultTableText() {}

  static String text(ResultTable table) {
    String grids = grids(table).stream().map(TextGrid::text).collect(Collectors.joining("\n"));
    return caption(table) + "\n\n" + grids;
  }

  static String markdown(ResultTable table) {
    String grids = grids(table).stream().map(TextGrid::markdown).collect(Collectors.joining("\n"));
    return grids + "\n" + caption(table) + "\n";
  }

  private static List<TextGrid> grids(ResultTable table) {
    return Stream.of(methods(table), tests(table), gains(table))
        .filter(grid -> !grid.rows().isEmpty())
        .toList();
  }

  private static String caption(ResultTable table) {
    return format(
        "%s%s: %,d rows of %,d users, candidates %s; 95 %% intervals and tests clustered by user.",
        table.dataset(),
        table.rowSet().caption(),
        table.rowCount(),
        table.users(),
        shortHash(table.candidatesHash()));
  }

  private static String shortHash(String hash) {
    return hash.length() <= HASH_CHARACTERS ? hash : hash.substring(0, HASH_CHARACTERS);
  }

  private static TextGrid methods(ResultTable table) {
    boolean several = table.rows().stream().anyMatch(row -> row.seeds() > 1);
    List<String> header = new ArrayList<>(List.of("Method", "HR@1 [95 % interval]"));
    SHOWN.forEach(metric -> header.add(metric.label()));
    header.addAll(several ? List.of("seeds", "seed sd") : List.of());
    header.add("seconds");
    return new TextGrid(header, table.rows().stream().map(row -> cells(row, several)).toList());
  }

  private static List<String> cells(MethodScores row, boolean several) {
    List<String> cells = new ArrayList<>();
    cells.add(row.method());
    cells.add(interval(row.figures().get(Metric.HR_1), "%.4f [%.4f, %.4f]"));
    for (Metric metric : SHOWN) {
      Interval figure = row.figures().get(metric);
      cells.add(figure == null ? "-" : format("%.4f", figure.estimate()));
    }
    if (several) {
      cells.add(Integer.toString(row.seeds()));
      cells.add(row.seeds() > 1 ? format("%.4f", row.seedDeviation()) : "-");
    }
    cells.add(format(row.seconds() < 10 ? "%.1f" : "%.0f", row.seconds()));
    return cells;
  }

  private static TextGrid tests(ResultTable table) {
    return new TextGrid(
        List.of(
            "Paired test",
            "metric",
            "difference [95 % interval]",
            "gain",
            "p",
            "only first:second",
            "McNemar p"),
        table.tests().stream()
            .filter(test -> TESTS_SHOWN.contains(test.metric()))
            .map(ResultTableText::cells)
            .toList());
  }

  /** The comparison of the paper in every metric tested. */
  private static TextGrid gains(ResultTable table) {
    return new TextGrid(
        List.of("Relative gain", "metric", "gain [95 % interval]", "p", "paper, on average"),
        table.headline().stream().map(ResultTableText::gain).toList());
  }

  private static List<String> gain(PairedTest test) {
    return List.of(
        test.first() + " over " + test.second(),
        test.metric().label(),
        test.gain() == null
            ? "-"
            : format(
                "%+.1f %% [%+.1f, %+.1f]",
                100 * test.gain().estimate(), 100 * test.gain().low(), 100 * test.gain().high()),
        probability(test.p()),
        test.metric() == Metric.HR_1 ? format("%+.1f %%", 100 * ResultTable.PAPER_GAIN) : "-");
  }

  private static List<String> cells(PairedTest test) {
    boolean first = test.metric() == Metric.HR_1;
    return List.of(
        test.first() + " - " + test.second(),
        test.metric().label(),
        interval(test.difference(), "%+.4f [%+.4f, %+.4f]"),
        test.gain() == null ? "-" : format("%+.1f %%", 100 * test.gain().estimate()),
        probability(test.p()),
        first ? test.mcNemar().onlyFirst() + ":" + test.mcNemar().onlySecond() : "-",
        first ? probability(test.mcNemar().p()) : "-");
  }

  private static String interval(Interval interval, String form) {
    return format(form, interval.estimate(), interval.low(), interval.high());
  }

  private static String probability(double p) {
    return p < 0.001 ? "<0.001" : format("%.3f", p);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
