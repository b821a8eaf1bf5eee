package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.data.TextForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final Map<String, BadInputException> structured;
  private final Set<String> plain = new HashSet<>();

  private Table(
      Path file,
      RecordStream records,
      List<String> columns,
      String separator,
      Map<String, BadInputException> structured) {
    super(file, records, separator);
    this.columns = columns;
    this.structured = structured;
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
    refusePacked(file);
    String ending = ending(file);
    if (JSON.contains(ending)) {
      JsonLineRecords parser = new JsonLineRecords(file, form);
      return checked(
          new Table(file, new RecordStream(parser), parser.columns(), ",", parser.structured()));
    }
    if (ending.equals(PARQUET)) {
      ParquetRecords parser = new ParquetRecords(file);
      return checked(
          new Table(file, new RecordStream(parser), parser.columns(), ",", parser.structured()));
    }
    if (ATOMIC.contains(ending)) {
      LineReader reader = new LineReader(file, form, "\t");
      return checked(
          new Table(file, reader.records(), TypedHeader.readAny(reader).names(), "\t", Map.of()));
    }
    CsvRecords parser = new CsvRecords(file, form);
    RecordStream records = new RecordStream(parser);
    if (!records.next()) {
      records.close();
      throw new BadInputException(file, "empty file");
    }
    if (CsvRecords.isSeparatorLine(String.join(String.valueOf(parser.separator()), records.cells()))
        && !records.next()) {
      records.close();
      throw new BadInputException(file, "no header");
    }
    List<String> header = records.cells().stream().map(String::strip).toList();
    return checked(new Table(file, records, header, String.valueOf(parser.separator()), Map.of()));
  }

  /** Packed files and workbooks have other bytes at their beginning than any table. */
  private static void refusePacked(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(4);
      if (first.length == 4 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B) {
        throw new BadInputException(file, "is packed with gzip; unpack it first");
      }
      if (first.length == 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3) {
        throw new BadInputException(
            file, "is a ZIP archive or a workbook; unpack it, or save it as CSV");
      }
    }
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

  /** Refuses a column that holds lists, objects or booleans, which are no keys, titles or times. */
  public void requirePlain(int column) {
    plain.add(columns.get(column));
    refuseStructured();
  }

  private void refuseStructured() {
    for (String column : structured.isEmpty() ? Set.<String>of() : plain) {
      BadInputException mistake = structured.get(column);
      if (mistake != null) {
        throw mistake;
      }
    }
  }

  /** What is said of such a column. */
  static String notPlain(String column, String found) {
    return "column '%s' holds %s; expected a text or a number".formatted(column, found);
  }

  /** Moves to the next record that is not blank; false at the end. */
  @Override
  public boolean next() throws IOException {
    boolean more = records.next();
    while (more && isBlank()) {
      more = records.next();
    }
    refuseStructured();
    return more;
  }

  private boolean isBlank() {
    return IntStream.range(0, records.cellCount()).allMatch(c -> cell(c).strip().isEmpty());
  }

  /** Refuses a record that has more or fewer cells than the header. */
  public void requireCells() {
    boolean parted = CSV.contains(ending(file)) && records.cellCount() > columns.size();
    requireCells(
        columns.size(), parted ? " (a cell with the separator in it must stand in quotes)" : "");
  }

  /**
   * A cell that holds a key.
   *
   * @throws BadInputException if it is blank
   */
  public Slice key(int column) {
    Slice cell = cell(column);
    if (cell.strip().isEmpty()) {
      throw wrong("column '%s' is blank; expected a key".formatted(columns.get(column)));
    }
    return cell;
  }

  /** A cell as text. */
  public String text(int column) {
    return cell(column).toString();
  }
}
