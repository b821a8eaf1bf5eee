package dev.ilora.compare;

import dev.ilora.compare.Cell.Estimate.Form;
import dev.ilora.compare.Cell.Missing;
import dev.ilora.compare.TableContent.Column;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cells of a {@link ResultTable}, in four tables.
 *
 * @param table what they say
 * @param methods every method with its metrics
 * @param tests the paired tests on every metric tested
 * @param gains what iLoRA gains over LLaRA, relatively, in every metric tested
 * @param published published figures of the same data, protocol, candidates and metric
 */
public record ResultContent(
    ResultTable table,
    TableContent methods,
    TableContent tests,
    TableContent gains,
    TableContent published) {
  private static final List<Metric> SHOWN =
      List.of(
          Metric.HR_3,
          Metric.HR_5,
          Metric.NDCG_3,
          Metric.NDCG_5,
          Metric.MRR,
          Metric.VALID_RATIO,
          Metric.PAPER_HR_1);

  /** Metrics of the tests shown in text; those of iLoRA against LLaRA are shown in full. */
  private static final List<Metric> TESTS_SHOWN = List.of(Metric.HR_1, Metric.NDCG_5);

  private static final int HASH_CHARACTERS = 19;

  /** The cells of a table, beside the published figures that come with ilora. */
  public static ResultContent of(ResultTable table) {
    return of(table, PublishedFigures.included());
  }

  static ResultContent of(ResultTable table, PublishedFigures published) {
    return new ResultContent(
        table,
        methods(table),
        tests(table.tests()),
        gains(table.headline()),
        published(table, published));
  }

  private static TableContent methods(ResultTable table) {
    boolean several = table.methods().stream().anyMatch(method -> method.seeds() > 1);
    List<Metric> others =
        Arrays.stream(Metric.values())
            .filter(metric -> metric != Metric.HR_1 && !SHOWN.contains(metric))
            .toList();
    List<Column> columns = new ArrayList<>();
    columns.add(Column.words("Method", "method"));
    columns.add(Column.data("protocol"));
    columns.add(Column.drawn("HR@1 [95 % interval]", Metric.HR_1.key()).more());
    SHOWN.forEach(metric -> columns.add(Column.figure(metric.label(), metric.key()).more()));
    others.forEach(metric -> columns.add(Column.data(metric.key())));
    columns.add(several ? Column.figure("seeds", "seeds") : Column.data("seeds"));
    columns.add(several ? Column.figure("seed sd", "seedDeviation") : Column.data("seedDeviation"));
    columns.add(Column.figure("seconds", "seconds").less());
    return new TableContent(
        columns, table.methods().stream().map(method -> cells(method, others)).toList());
  }

  private static List<Cell> cells(MethodScores method, List<Metric> others) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell.MethodName(method.method()));
    cells.add(new Cell.Words(method.protocol()));
    cells.add(metric(method, Metric.HR_1, true));
    SHOWN.forEach(metric -> cells.add(metric(method, metric, false)));
    others.forEach(metric -> cells.add(metric(method, metric, false)));
    cells.add(Cell.Figure.count(method.seeds()));
    cells.add(
        method.seeds() > 1
            ? Cell.Figure.of(method.seedDeviation(), "%.4f")
            : new Missing("one seed does not vary"));
    cells.add(Cell.Figure.seconds(method.seconds()));
    return cells;
  }

  private static Cell metric(MethodScores method, Metric metric, boolean ranged) {
    Interval figure = method.figures().get(metric);
    return figure == null
        ? new Missing("not defined by its answers")
        : new Cell.Estimate(figure, Form.METRIC, ranged);
  }

  private static TableContent tests(List<PairedTest> tests) {
    return new TableContent(
        List.of(
            Column.label("Paired test"),
            Column.data("first"),
            Column.data("second"),
            Column.label("metric"),
            Column.data("metric"),
            Column.figure("difference [95 % interval]", "difference"),
            Column.figure("gain", "gain"),
            Column.figure("p", "pBootstrap"),
            Column.label("only first:second"),
            Column.data("onlyFirst"),
            Column.data("onlySecond"),
            Column.figure("McNemar p", "pMcNemar")),
        tests.stream().map(ResultContent::cells).toList());
  }

  private static List<Cell> cells(PairedTest test) {
    Cell other = new Missing("McNemar's test is of HR@1");
    return List.of(
        new Cell.Difference(test.first(), test.second()),
        new Cell.Data(test.first()),
        new Cell.Data(test.second()),
        new Cell.Words(test.metric().label()),
        new Cell.Data(test.metric().key()),
        new Cell.Estimate(test.difference(), Form.DIFFERENCE, true),
        gain(test, false),
        Cell.Figure.probability(test.p()),
        test.mcNemar()
            .<Cell>map(m -> new Cell.Words(m.onlyFirst() + ":" + m.onlySecond()))
            .orElse(other),
        test.mcNemar().<Cell>map(m -> new Cell.Data(m.onlyFirst())).orElse(other),
        test.mcNemar().<Cell>map(m -> new Cell.Data(m.onlySecond())).orElse(other),
        test.mcNemar().<Cell>map(m -> Cell.Figure.probability(m.p())).orElse(other));
  }

  private static Cell gain(PairedTest test, boolean ranged) {
    return test.gain()
        .<Cell>map(gain -> new Cell.Estimate(gain, Form.GAIN, ranged))
        .orElse(new Missing(test.second() + " is 0, in all or in a draw"));
  }

  /** The comparison of the paper in every metric tested. */
  private static TableContent gains(List<PairedTest> headline) {
    return new TableContent(
        List.of(
            Column.label("Relative gain"),
            Column.data("first"),
            Column.data("second"),
            Column.label("metric"),
            Column.data("metric"),
            Column.figure("gain [95 % interval]", "gain"),
            Column.figure("p", "pBootstrap")),
        headline.stream()
            .map(
                test ->
                    List.of(
                        new Cell.Words(test.first() + " over " + test.second()),
                        new Cell.Data(test.first()),
                        new Cell.Data(test.second()),
                        new Cell.Words(test.metric().label()),
                        new Cell.Data(test.metric().key()),
                        gain(test, true),
                        Cell.Figure.probability(test.p())))
            .toList());
  }

  private static TableContent published(ResultTable table, PublishedFigures published) {
    return new TableContent(
        List.of(
            Column.words("Published", "method"),
            Column.label("metric"),
            Column.data("metric"),
            Column.figure("published", "published"),
            Column.figure("here", "here"),
            Column.words("source", "source")),
        published.beside(table).stream().map(figure -> cells(table, figure)).toList());
  }

  private static List<Cell> cells(ResultTable table, PublishedFigure figure) {
    Optional<Interval> here =
        table.methods().stream()
            .filter(method -> method.method().equals(figure.method()))
            .filter(method -> method.protocol().equals(figure.protocol()))
            .flatMap(method -> Optional.ofNullable(method.figures().get(figure.metric())).stream())
            .findFirst();
    return List.of(
        new Cell.Words(figure.title()),
        new Cell.Words(figure.metric().label()),
        new Cell.Data(figure.metric().key()),
        Cell.Figure.of(figure.value(), "%.4f"),
        here.<Cell>map(interval -> new Cell.Estimate(interval, Form.METRIC, true))
            .orElse(new Missing("no such run here")),
        new Cell.Words(figure.source() + ", " + figure.place()));
  }

  /** Every metric of every method with its interval, a line a metric. */
  public TableContent everything() {
    List<Column> columns = new ArrayList<>(List.of(Column.words("Metric", "metric")));
    table.methods().forEach(m -> columns.add(Column.figure(m.method(), m.method())));
    List<List<Cell>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      if (table.methods().stream().anyMatch(m -> m.figures().containsKey(metric))) {
        List<Cell> row = new ArrayList<>(List.of(new Cell.Words(metric.label())));
        table.methods().forEach(method -> row.add(metric(method, metric, true)));
        rows.add(row);
      }
    }
    return new TableContent(columns, rows);
  }

  /** What the figures are of. */
  public String caption() {
    return String.format(
        Locale.ROOT,
        "%s%s: %,d cases of %,d users, candidates %s; 95 %% intervals and tests clustered by user.",
        table.data().name(),
        table.caseSet().caption(),
        table.cases(),
        table.users(),
        shortHash(table.candidatesHash()));
  }

  /** The beginning of a hash, enough to tell it from others. */
  public static String shortHash(String hash) {
    return hash.length() <= HASH_CHARACTERS ? hash : hash.substring(0, HASH_CHARACTERS);
  }

  String text() {
    String grids = grids().map(TableContent::text).collect(Collectors.joining("\n"));
    return caption() + "\n\n" + grids;
  }

  String markdown() {
    String grids = grids().map(TableContent::markdown).collect(Collectors.joining("\n"));
    return grids + "\n" + caption() + "\n";
  }

  private Stream<TableContent> grids() {
    TableContent brief =
        tests(table.tests().stream().filter(t -> TESTS_SHOWN.contains(t.metric())).toList());
    return Stream.of(methods, brief, gains, published).filter(grid -> !grid.isEmpty());
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dataset", table.data().name());
    fields.put("caseSet", table.caseSet().name().toLowerCase(Locale.ROOT));
    fields.put("candidatesHash", table.candidatesHash());
    table.candidates().ifPresent(count -> fields.put("candidates", count));
    fields.put("cases", table.cases());
    fields.put("users", table.users());
    fields.put("methods", methods.json());
    fields.put("pairedTests", tests.json());
    fields.put("relativeGains", gains.json());
    fields.put("published", published.json());
    return fields;
  }
}
