package dev.ilora.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.ilora.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A CSV file with a header, read record by record; quoting as in RFC 4180, UTF-8. */
final class CsvTable implements RecordSource, Closeable {
  private final Path file;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final List<String> header;
  private CsvRecord record;

  CsvTable(Path file) throws IOException {
    this.file = file;
    this.reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(file);
    this.records = reader.iterator();
    if (!advance()) {
      throw new BadInputException(file, "empty file");
    }
    this.header = record.getFields().stream().map(String::strip).toList();
  }

  /** The index of a column that must be there. */
  int column(String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new BadInputException(
          file, 1, "missing column '" + name + "'; found: " + String.join(", ", header));
    }
    return index;
  }

  /** The index of a column, or -1. */
  int optionalColumn(String name) {
    return header.indexOf(name);
  }

  /** Moves to the next record; false at the end. */
  boolean next() {
    if (!advance()) {
      return false;
    }
    if (record.getFieldCount() != header.size()) {
      throw wrong("expected " + header.size() + " cells, found " + record.getFieldCount());
    }
    return true;
  }

  String cell(int column) {
    return record.getField(column);
  }

  /** A number, 0 where the column is absent. */
  float number(int column, String name) {
    return column < 0 ? 0 : number(cell(column), name);
  }

  /** A time, 0 where the column is absent. */
  long seconds(int column, String name) {
    return column < 0 ? 0 : seconds(cell(column), name);
  }

  /** The cells of all other columns that are not blank, by column name. */
  Map<String, String> others(int... columns) {
    Map<String, String> others = new LinkedHashMap<>();
    for (int c = 0; c < header.size(); c++) {
      int index = c;
      boolean other = IntStream.of(columns).noneMatch(used -> used == index);
      if (other && !cell(c).isBlank()) {
        others.put(header.get(c), cell(c).strip());
      }
    }
    return others;
  }

  @Override
  public BadInputException wrong(String message) {
    String text = JsonLines.shown(String.join(",", record.getFields()));
    return new BadInputException(file, record.getStartingLineNumber(), message + ": " + text);
  }

  private boolean advance() {
    try {
      boolean more = records.hasNext();
      record = more ? records.next() : record;
      return more;
    } catch (CsvParseException e) {
      throw new BadInputException(file, "not CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getCause().getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
