package dev.ilora.compare;

import dev.ilora.compare.Cell.Words;
import dev.ilora.compare.TableContent.Column;
import dev.ilora.runs.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a gate does for each group of users and what its method reaches there: a line a group, and
 * the same in words.
 *
 * @param run the gated run, by method and seed
 * @param method its method
 * @param other the method without a gate that it is compared with, where there is one
 * @param mix mean weights of each group
 * @param gains HR@1 of each group
 */
public record GateStory(
    String run, String method, Optional<String> other, ExpertMix mix, GainTable gains) {
  /**
   * Joins weights and HR@1 of the same groups; the method compared is LLaRA, or else the baseline.
   *
   * @throws IllegalArgumentException if they are of other groups
   */
  static GateStory of(String run, String method, ExpertMix mix, GainTable gains) {
    List<String> groups = gains.lines().stream().map(GainTable.Line::group).toList();
    if (!groups.equals(mix.groups().stream().map(ExpertMix.Group::name).toList())) {
      throw new IllegalArgumentException(
          "%s: weights and HR@1 are of different groups by %s".formatted(run, mix.property()));
    }
    Optional<String> llara =
        Optional.of(Method.LLARA.label()).filter(gains.lines().getFirst().hits()::containsKey);
    Optional<String> baseline = gains.compared().map(GainTable.Pair::second);
    return new GateStory(
        run,
        method,
        llara
            .or(() -> baseline)
            .filter(name -> !name.equals(method))
            .filter(GateStory::isLanguageModel),
        mix,
        gains);
  }

  /** What a language model gains over a recommender is not the gate's doing. */
  private static boolean isLanguageModel(String name) {
    return Arrays.stream(Method.values())
        .filter(known -> known.label().equals(name))
        .allMatch(Method::asksLanguageModel);
  }

  /** The story in words, what the gate does first. */
  public List<String> sentences() {
    return GateWords.of(this);
  }

  /** A line a group: its cases, HR@1 of both methods, the mean weight of each expert. */
  public TableContent table() {
    return withHits(ExplanationContent.groups(mix));
  }

  /** The same with the heaviest experts only, for lines of text. */
  private TableContent brief() {
    List<Column> columns =
        List.of(
            Column.words(mix.property(), "name"),
            Column.figure("cases", "cases"),
            Column.label("heaviest experts"),
            Column.figure("entropy", "entropy"));
    return withHits(
        new TableContent(columns, mix.groups().stream().map(GateStory::heaviest).toList()));
  }

  private static List<Cell> heaviest(ExpertMix.Group group) {
    return List.of(
        new Words(group.name()),
        Cell.Figure.count(group.cases()),
        new Words(ExpertMix.heaviest(group.weights())),
        Cell.Figure.of(group.entropy(), "%.3f"));
  }

  /** HR@1 of both methods after the first two columns. */
  private TableContent withHits(TableContent weights) {
    List<String> methods = new ArrayList<>(other.stream().toList());
    methods.add(method);
    List<Column> columns = new ArrayList<>(weights.columns().subList(0, 2));
    methods.forEach(name -> columns.add(Column.figure("HR@1 " + name, name)));
    columns.addAll(weights.columns().subList(2, weights.columns().size()));
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < weights.rows().size(); i++) {
      List<Cell> row = new ArrayList<>(weights.rows().get(i).subList(0, 2));
      Map<String, Double> hits = gains.lines().get(i).hits();
      methods.forEach(name -> row.add(Cell.Figure.of(hits.get(name), "%.3f")));
      row.addAll(weights.rows().get(i).subList(2, weights.columns().size()));
      rows.add(row);
    }
    return new TableContent(columns, rows);
  }

  /** The story as text: what it is of, the table, the words. */
  public String text() {
    return written(TableContent::text);
  }

  String markdown() {
    return written(TableContent::markdown);
  }

  private String written(Function<TableContent, String> form) {
    return "What the gate of %s does:\n\n%s\n%s\n"
        .formatted(run, form.apply(brief()), String.join(" ", sentences()));
  }

  /** The story as cells, for lists of objects. */
  List<Cell> cells() {
    return List.of(
        new Words(run),
        new Words(mix.property()),
        new Cell.Data(table().json()),
        new Cell.Data(sentences()));
  }
}
