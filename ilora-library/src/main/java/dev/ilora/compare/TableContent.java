package dev.ilora.compare;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cells of one table, whatever it is shown as: aligned text, Markdown, a list of JSON objects
 * or a part of a page are made from the same cells, so that they cannot say different things.
 *
 * @param columns what stands in each place of a row
 * @param rows one cell a column each
 */
public record TableContent(List<Column> columns, List<List<Cell>> rows) {
  /**
   * One column.
   *
   * @param heading what people see above it
   * @param key name of the field in JSON
   * @param kind who sees it, and how
   * @param better which of its values are better
   */
  public record Column(String heading, String key, Kind kind, Better better) {
    /** Who sees a column, and how. */
    public enum Kind {
      /** Words, for people and programs; aligned left where it is the first. */
      WORDS,
      /** Words for people, that stand in JSON in columns of {@link #DATA}. */
      LABEL,
      /** Numbers, for people and programs. */
      FIGURE,
      /** Estimates, whose intervals pages also draw. */
      DRAWN,
      /** For programs only. */
      DATA
    }

    /** Which values are better. */
    public enum Better {
      /** Higher ones. */
      MORE,
      /** Lower ones. */
      LESS,
      /** None: they describe and do not judge. */
      NEITHER
    }

    private Column(String heading, String key, Kind kind) {
      this(heading, key, kind, Better.NEITHER);
    }

    /** This column, whose higher values are better. */
    Column more() {
      return new Column(heading, key, kind, Better.MORE);
    }

    /** This column, whose lower values are better. */
    Column less() {
      return new Column(heading, key, kind, Better.LESS);
    }

    /** Words. */
    static Column words(String heading, String key) {
      return new Column(heading, key, Kind.WORDS);
    }

    /** Words that programs find in other columns. */
    static Column label(String heading) {
      return new Column(heading, "", Kind.LABEL);
    }

    /** Numbers. */
    static Column figure(String heading, String key) {
      return new Column(heading, key, Kind.FIGURE);
    }

    /** Estimates that pages draw. */
    static Column drawn(String heading, String key) {
      return new Column(heading, key, Kind.DRAWN);
    }

    /** What only programs are told. */
    static Column data(String key) {
      return new Column("", key, Kind.DATA);
    }

    /** Whether people see it. */
    public boolean shown() {
      return kind != Kind.DATA;
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a row has another number of cells than there are columns
   */
  public TableContent {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row has %s cells, the table has %s columns".formatted(row.size(), columns.size()));
      }
    }
  }

  /** Whether there is anything to show. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Indices of the columns that people see. */
  public List<Integer> shown() {
    return IntStream.range(0, columns.size()).filter(c -> columns.get(c).shown()).boxed().toList();
  }

  /**
   * The rows with the best value of a column: several where they read the same. None where values
   * are not better or worse, or fewer than two rows have one.
   */
  public Set<Integer> best(int column) {
    List<Cell> cells = rows.stream().map(row -> row.get(column)).toList();
    DoubleSummaryStatistics values =
        cells.stream().flatMapToDouble(cell -> cell.magnitude().stream()).summaryStatistics();
    if (columns.get(column).better() == Column.Better.NEITHER || values.getCount() < 2) {
      return Set.of();
    }
    boolean more = columns.get(column).better() == Column.Better.MORE;
    double best = more ? values.getMax() : values.getMin();
    Set<String> readings =
        cells.stream()
            .filter(cell -> cell.magnitude().equals(OptionalDouble.of(best)))
            .map(Cell::reading)
            .collect(Collectors.toSet());
    return IntStream.range(0, cells.size())
        .filter(row -> cells.get(row).magnitude().isPresent())
        .filter(row -> readings.contains(cells.get(row).reading()))
        .boxed()
        .collect(Collectors.toSet());
  }

  private List<List<String>> printed() {
    List<Integer> shown = shown();
    List<List<String>> lines = new ArrayList<>();
    lines.add(shown.stream().map(c -> columns.get(c).heading()).toList());
    rows.forEach(row -> lines.add(shown.stream().map(c -> row.get(c).text()).toList()));
    return lines;
  }

  /** As aligned text; the first column is aligned left, the others right. */
  public String text() {
    List<List<String>> lines = printed();
    int[] widths =
        IntStream.range(0, lines.getFirst().size())
            .map(c -> lines.stream().mapToInt(line -> line.get(c).length()).max().orElseThrow())
            .toArray();
    String rule =
        IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ", "", "\n"));
    return line(lines.getFirst(), widths)
        + rule
        + lines.stream().skip(1).map(row -> line(row, widths)).collect(Collectors.joining());
  }

  /** As Markdown. */
  public String markdown() {
    List<List<String>> lines = printed();
    String rule =
        IntStream.range(0, lines.getFirst().size())
            .mapToObj(c -> c == 0 ? "---" : "---:")
            .collect(Collectors.joining(" | ", "| ", " |\n"));
    return markdownLine(lines.getFirst())
        + rule
        + lines.stream().skip(1).map(TableContent::markdownLine).collect(Collectors.joining());
  }

  /** As a list of objects, one a row; fields of empty cells are left out. */
  public List<Map<String, Object>> json() {
    return rows.stream().map(this::json).toList();
  }

  private Map<String, Object> json(List<Cell> row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      Column column = columns.get(c);
      if (column.kind() != Column.Kind.LABEL) {
        row.get(c).value().ifPresent(value -> fields.put(column.key(), value));
      }
    }
    return fields;
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
            .mapToObj(c -> padded(cells.get(c), widths[c], c == 0))
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }

  private static String padded(String cell, int width, boolean left) {
    String padding = " ".repeat(width - cell.length());
    return left ? cell + padding : padding + cell;
  }

  private static String markdownLine(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
