package dev.ilora.compare;

import dev.ilora.compare.Cell.Estimate.Form;
import dev.ilora.compare.Cell.Missing;
import dev.ilora.compare.TableContent.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cells of an {@link Explanation}.
 *
 * @param explanation what they say
 * @param gains a table for each property of cases
 * @param experts how much of the experts' weights each grouping explains
 * @param costs what each method took
 */
public record ExplanationContent(
    Explanation explanation, List<TableContent> gains, TableContent experts, TableContent costs) {
  private static final double MEBIBYTE = 1 << 20;
  private static final Missing UNKNOWN = new Missing("not recorded, or runs differ");

  /** The cells of an explanation. */
  public static ExplanationContent of(Explanation explanation) {
    return new ExplanationContent(
        explanation,
        explanation.gains().stream().map(ExplanationContent::gains).toList(),
        experts(explanation.experts()),
        costs(explanation.costs()));
  }

  private static TableContent gains(GainTable table) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.words(table.property(), "group"));
    columns.add(Column.figure("cases", "cases"));
    columns.add(Column.figure("users", "users"));
    columns.add(Column.data("hr@1"));
    table.lines().getFirst().hits().keySet().forEach(name -> columns.add(Column.label(name)));
    table
        .compared()
        .ifPresent(
            pair -> {
              String difference = new Cell.Difference(pair.first(), pair.second()).text();
              columns.add(Column.drawn(difference + " [95 % interval]", "gain"));
              columns.add(Column.figure("part of it", "partOfGain"));
            });
    return new TableContent(
        columns, table.lines().stream().map(ExplanationContent::cells).toList());
  }

  private static List<Cell> cells(GainTable.Line line) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell.Words(line.group()));
    cells.add(Cell.Figure.count(line.cases()));
    cells.add(Cell.Figure.count(line.users()));
    cells.add(new Cell.Data(line.hits()));
    line.hits().values().forEach(hits -> cells.add(Cell.Figure.of(hits, "%.4f")));
    line.gain()
        .ifPresent(
            gain -> {
              cells.add(
                  gain.difference()
                      .<Cell>map(d -> new Cell.Estimate(d, Form.DIFFERENCE, true))
                      .orElse(new Missing("fewer than 10 users")));
              cells.add(Cell.Figure.of(gain.part(), "%+.4f"));
            });
    return cells;
  }

  private static TableContent experts(List<ExpertMix> mixes) {
    return new TableContent(
        List.of(
            Column.words("Expert weights", "run"),
            Column.words("grouped by", "property"),
            Column.figure("variance between groups", "betweenShare"),
            Column.figure("entropy / ln K", "entropy"),
            Column.data("deviation"),
            Column.data("groups")),
        mixes.stream().map(ExplanationContent::cells).toList());
  }

  private static List<Cell> cells(ExpertMix mix) {
    return List.of(
        new Cell.Words(mix.run()),
        new Cell.Words(mix.property().toLowerCase(Locale.ROOT)),
        new Cell.Figure(
            mix.betweenShare(), String.format(Locale.ROOT, "%.1f %%", 100 * mix.betweenShare())),
        Cell.Figure.of(mix.entropy(), "%.3f"),
        new Cell.Data(mix.deviation()),
        new Cell.Data(groups(mix).json()));
  }

  /** Mean weight of each expert in each group of a run's cases, then in all. */
  public static TableContent groups(ExpertMix mix) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.words(mix.property(), "name"));
    columns.add(Column.figure("cases", "cases"));
    columns.add(Column.data("weights"));
    for (int k = 1; k <= mix.deviation().length; k++) {
      columns.add(Column.label("expert " + k));
    }
    columns.add(Column.figure("entropy", "entropy"));
    return new TableContent(columns, mix.groups().stream().map(ExplanationContent::cells).toList());
  }

  private static List<Cell> cells(ExpertMix.Group group) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell.Words(group.name()));
    cells.add(Cell.Figure.count(group.cases()));
    cells.add(new Cell.Data(group.weights()));
    for (double weight : group.weights()) {
      cells.add(new Cell.Weight(weight));
    }
    cells.add(Cell.Figure.of(group.entropy(), "%.3f"));
    return cells;
  }

  private static TableContent gates(List<GateStory> stories) {
    return new TableContent(
        List.of(
            Column.words("run", "run"),
            Column.words("grouped by", "property"),
            Column.data("groups"),
            Column.data("sentences")),
        stories.stream().map(GateStory::cells).toList());
  }

  private static TableContent costs(List<MethodCost> costs) {
    return new TableContent(
        List.of(
            Column.words("Cost of a run", "method"),
            Column.data("seeds"),
            Column.figure("trained parameters", "trainedParameters"),
            Column.figure("threads", "threads"),
            Column.figure("train s", "trainSeconds").less(),
            Column.figure("evaluate s", "evaluateSeconds").less(),
            Column.figure("ms a case", "evaluateMillisecondsPerCase").less(),
            Column.figure("peak MiB", "peakBytes").less()),
        costs.stream().map(ExplanationContent::cells).toList());
  }

  private static List<Cell> cells(MethodCost cost) {
    return List.of(
        new Cell.MethodName(cost.method()),
        new Cell.Data(cost.seeds()),
        cost.parameters().isPresent() ? Cell.Figure.count(cost.parameters().getAsLong()) : UNKNOWN,
        cost.threads().isPresent() ? Cell.Figure.count(cost.threads().getAsInt()) : UNKNOWN,
        Cell.Figure.seconds(cost.trainSeconds()),
        Cell.Figure.seconds(cost.evaluateSeconds()),
        Cell.Figure.of(cost.caseMilliseconds(), "%.1f"),
        cost.peakBytes().isPresent() ? mebibytes(cost.peakBytes().getAsLong()) : UNKNOWN);
  }

  private static Cell mebibytes(long bytes) {
    return new Cell.Figure(bytes, String.format(Locale.ROOT, "%,.0f", bytes / MEBIBYTE));
  }

  String text() {
    return gates(GateStory::text) + caption() + joined(TableContent::text);
  }

  String markdown() {
    return gates(GateStory::markdown) + caption() + joined(TableContent::markdown);
  }

  private String gates(Function<GateStory, String> form) {
    return explanation.gates().stream()
        .map(form)
        .map(text -> text + "\n")
        .collect(Collectors.joining());
  }

  private String caption() {
    return gains.isEmpty() ? "" : "HR@1 by groups of cases; 95 % intervals clustered by user.\n\n";
  }

  private String joined(Function<TableContent, String> form) {
    return Stream.concat(gains.stream(), Stream.of(experts, costs))
        .filter(grid -> !grid.isEmpty())
        .map(form)
        .collect(Collectors.joining("\n"));
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dataset", explanation.dataset());
    List<Map<String, Object>> tables = new ArrayList<>();
    for (int i = 0; i < gains.size(); i++) {
      tables.add(json(explanation.gains().get(i), gains.get(i)));
    }
    fields.put("gains", tables);
    fields.put("experts", experts.json());
    fields.put("gates", gates(explanation.gates()).json());
    fields.put("costs", costs.json());
    return fields;
  }

  private static Map<String, Object> json(GainTable table, TableContent content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("property", table.property());
    table
        .compared()
        .ifPresent(
            pair -> {
              fields.put("first", pair.first());
              fields.put("second", pair.second());
            });
    fields.put("groups", content.json());
    return fields;
  }
}
