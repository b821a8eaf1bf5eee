package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.data.TextForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A file of records with named columns, read record by record: CSV (quoting as in RFC 4180), JSON
 * lines, Parquet, or a RecBole atomic file.
 */
public final class Table extends RecordFile {
  private static final Set<String> CSV = Set.of("csv", "tsv", "txt");
  private static final Set<String> JSON = Set.of("jsonl", "ndjson");
  private static final Set<String> ATOMIC = Set.of("inter", "item");
  private static final String PARQUET = "parquet";

  private final List<String> columns;

  private Table(Path file, RecordStream records, List<String> columns, String separator) {
    super(file, records, separator);
    this.columns = columns;
  }

  /** Whether a file has an ending by which its form is known. */
  public static boolean isOne(Path file) {
    String ending = ending(file);
    return CSV.contains(ending)
        || JSON.contains(ending)
        || ATOMIC.contains(ending)
        || ending.equals(PARQUET);
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Opens a file by its ending.
   *
   * @throws BadInputException if it is empty, has a column twice or cannot be read
   */
  public static Table open(Path file, TextForm form) throws IOException {
    String ending = ending(file);
    if (JSON.contains(ending)) {
      JsonLineRecords parser = new JsonLineRecords(file, form);
      return checked(new Table(file, new RecordStream(parser), parser.columns(), ","));
    }
    if (ending.equals(PARQUET)) {
      ParquetRecords parser = new ParquetRecords(file);
      return checked(new Table(file, new RecordStream(parser), parser.columns(), ","));
    }
    if (ATOMIC.contains(ending)) {
      LineReader reader = new LineReader(file, form, "\t");
      return checked(new Table(file, reader.records(), TypedHeader.readAny(reader).names(), "\t"));
    }
    CsvRecords parser = new CsvRecords(file, form);
    RecordStream records = new RecordStream(parser);
    if (!records.next()) {
      records.close();
      throw new BadInputException(file, "empty file");
    }
    List<String> header = records.cells().stream().map(String::strip).toList();
    return checked(new Table(file, records, header, String.valueOf(parser.separator())));
  }

  private static Table checked(Table table) throws IOException {
    List<String> columns = table.columns;
    for (int c = 0; c < columns.size(); c++) {
      String name = columns.get(c);
      if (!name.isEmpty() && columns.indexOf(name) < c) {
        table.close();
        throw new BadInputException(table.file, 1, "column '" + name + "' is given twice");
      }
    }
    if (columns.isEmpty()) {
      table.close();
      throw new BadInputException(table.file, "empty file");
    }
    return table;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The names of the columns. */
  public List<String> columns() {
    return columns;
  }

  /** Moves to the next record that is not blank; false at the end. */
  @Override
  public boolean next() throws IOException {
    boolean more = records.next();
    while (more && isBlank()) {
      more = records.next();
    }
    return more;
  }

  private boolean isBlank() {
    return IntStream.range(0, records.cellCount()).allMatch(c -> cell(c).strip().isEmpty());
  }

  /** Refuses a record that has more or fewer cells than the header. */
  public void requireCells() {
    requireCells(columns.size());
  }

  /** A cell as text. */
  public String text(int column) {
    return cell(column).toString();
  }
}
