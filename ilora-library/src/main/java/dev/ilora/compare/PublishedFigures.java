package dev.ilora.compare;

import dev.ilora.ResourceText;
import dev.ilora.files.JsonLine;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.DataSource;
import dev.ilora.statistics.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What others published, in {@code published.json}, and which of it may stand beside a table of
 * ours: a figure of the same data set, the same cases, as many candidates, ranked by the same
 * protocol, and of the same metric. Everything else would compare tasks and not methods.
 *
 * <p>A data set is told by the numbers of its users and items, the order of each user's items and
 * the number of the papers' cases, whatever it is called here.
 *
 * @param byDataSet data sets with what was published of them
 */
public record PublishedFigures(Map<DataSet, List<PublishedFigure>> byDataSet) {
  private static final int SCHEMA = 1;
  private static final String RESOURCE = "published.json";

  /**
   * A data set as the papers use it.
   *
   * @param name its usual name
   * @param users number of users
   * @param items number of items
   * @param cases number of cases, the last position of each test user
   * @param orders what each user's items may be ordered by in an import that keeps the papers'
   *     order
   */
  public record DataSet(String name, int users, int items, int cases, List<String> orders) {
    private boolean isOf(ResultTable table) {
      DataSource data = table.data();
      return table.caseSet() == CaseSet.PAPER
          && table.cases() == cases
          && table.users() == cases
          && data.users() == users
          && data.items() == items
          && orders.contains(data.order());
    }
  }

  /** Figures of one table that differ only in their method. */
  record Table(
      String source,
      String place,
      String dataSet,
      int candidates,
      String protocol,
      String metric,
      Optional<String> base,
      Map<String, Double> values) {}

  /** The file. */
  record Content(Map<String, String> sources, List<DataSet> dataSets, List<Table> tables) {}

  /** Copies the lists. */
  public PublishedFigures {
    Map<DataSet, List<PublishedFigure>> copy = new LinkedHashMap<>();
    byDataSet.forEach((data, figures) -> copy.put(data, List.copyOf(figures)));
    byDataSet = copy;
  }

  /** The figures that come with ilora. */
  public static PublishedFigures included() {
    return Included.FIGURES;
  }

  /** Read once, when a table is first shown. */
  private static final class Included {
    static final PublishedFigures FIGURES = parse(Path.of(RESOURCE), text());
  }

  private static String text() {
    return ResourceText.of(PublishedFigures.class.getResourceAsStream(RESOURCE), RESOURCE);
  }

  /**
   * Reads figures.
   *
   * @param name what messages call the text
   * @throws dev.ilora.BadInputException if the text is of another schema, or a table lacks a field,
   *     has an unknown one, or names a source, data set or metric that is unknown
   */
  static PublishedFigures parse(Path name, String text) {
    JsonLine object = JsonLine.parse(name, 1, text);
    object.requireSchema(SCHEMA);
    Content content = object.as(Content.class, JsonLine.SCHEMA);
    Map<DataSet, List<PublishedFigure>> figures = new LinkedHashMap<>();
    content.dataSets().forEach(data -> figures.put(data, new ArrayList<>()));
    try {
      for (Table table : content.tables()) {
        figures.get(dataSet(content, table)).addAll(figures(content, table));
      }
    } catch (IllegalArgumentException e) {
      throw object.mistake(e.getMessage());
    }
    return new PublishedFigures(figures);
  }

  private static DataSet dataSet(Content content, Table table) {
    return content.dataSets().stream()
        .filter(data -> data.name().equals(table.dataSet()))
        .findFirst()
        .orElseThrow(() -> unknown("data set", table.dataSet()));
  }

  private static List<PublishedFigure> figures(Content content, Table table) {
    String source = content.sources().get(table.source());
    if (source == null) {
      throw unknown("source", table.source());
    }
    Metric metric =
        Arrays.stream(Metric.values())
            .filter(known -> known.key().equals(table.metric()))
            .findFirst()
            .orElseThrow(() -> unknown("metric", table.metric()));
    List<PublishedFigure> figures = new ArrayList<>();
    table
        .values()
        .forEach(
            (method, value) ->
                figures.add(
                    new PublishedFigure(
                        source,
                        table.place(),
                        method,
                        table.base(),
                        table.protocol(),
                        table.candidates(),
                        metric,
                        value)));
    return figures;
  }

  private static IllegalArgumentException unknown(String what, String name) {
    return new IllegalArgumentException("unknown %s '%s'".formatted(what, name));
  }

  /** The figures that may stand beside a table; none where nothing published is of the same. */
  public List<PublishedFigure> beside(ResultTable table) {
    return byDataSet.entrySet().stream()
        .filter(entry -> entry.getKey().isOf(table))
        .flatMap(entry -> entry.getValue().stream())
        .filter(figure -> comparable(figure, table))
        .toList();
  }

  private static boolean comparable(PublishedFigure figure, ResultTable table) {
    boolean sameList =
        table.candidates().isPresent() && table.candidates().getAsInt() == figure.candidates();
    return sameList
        && table.methods().stream()
            .anyMatch(
                method ->
                    method.protocol().equals(figure.protocol())
                        && method.figures().containsKey(figure.metric()));
  }
}
