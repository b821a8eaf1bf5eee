package dev.ilora.results;

import dev.ilora.eval.Interval;
import dev.ilora.eval.Metric;
import dev.ilora.eval.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words and numbers of a {@link ResultTable}. */
final class ResultTableText {
  private static final List<Metric> SHOWN =
      List.of(
          Metric.HR_3,
          Metric.HR_5,
          Metric.NDCG_5,
          Metric.MRR,
          Metric.VALID_RATIO,
          Metric.PAPER_HR_1);
  private static final int HASH_CHARACTERS = 19;

  private ResultTableText() {}

  static String text(ResultTable table) {
    String tests = table.tests().isEmpty() ? "" : "\n" + tests(table).text();
    return caption(table) + "\n\n" + methods(table).text() + tests;
  }

  static String markdown(ResultTable table) {
    String tests = table.tests().isEmpty() ? "" : "\n" + tests(table).markdown();
    return methods(table).markdown() + tests + "\n" + caption(table) + "\n";
  }

  private static String caption(ResultTable table) {
    return String.format(
        Locale.ROOT,
        "%,d rows of %,d users, candidates %s; 95 %% intervals and tests clustered by user.",
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
    header.addAll(several ? List.of("seeds", "seed sd", "seconds") : List.of("seconds"));
    return new TextGrid(header, table.rows().stream().map(row -> cells(row, several)).toList());
  }

  private static List<String> cells(ResultRow row, boolean several) {
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
            "p",
            "only first:second",
            "McNemar p"),
        table.tests().stream().map(ResultTableText::cells).toList());
  }

  private static List<String> cells(PairedTest test) {
    boolean first = test.metric() == Metric.HR_1;
    return List.of(
        test.first() + " - " + test.second(),
        test.metric().label(),
        interval(test.difference(), "%+.4f [%+.4f, %+.4f]"),
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
