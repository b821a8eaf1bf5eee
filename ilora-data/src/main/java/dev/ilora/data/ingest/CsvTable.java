package dev.ilora.data.ingest;

import de.siegmar.fastcsv.reader.CsvParseException;
import dev.ilora.BadInputException;
import dev.ilora.data.records.CsvRecords;
import dev.ilora.data.records.RecordSource;
import dev.ilora.data.records.RecordStream;
import dev.ilora.data.records.Slice;
import dev.ilora.files.JsonFields;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A CSV file with a header, read record by record; quoting as in RFC 4180, UTF-8. */
final class CsvTable implements RecordSource, Closeable {
  private final Path file;
  private final RecordStream records;
  private final List<String> header;

  CsvTable(Path file) throws IOException {
    this.file = file;
    this.records = new RecordStream(new CsvRecords(file));
    if (!advance()) {
      close();
      throw new BadInputException(file, "empty file");
    }
    this.header = records.cells().stream().map(String::strip).toList();
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
  boolean next() throws IOException {
    if (!advance()) {
      return false;
    }
    if (records.cellCount() != header.size()) {
      throw wrong("expected " + header.size() + " cells, found " + records.cellCount());
    }
    return true;
  }

  /** A cell, valid until the next call of {@link #next}. */
  Slice cell(int column) {
    return records.cell(column);
  }

  /** A cell as text. */
  String text(int column) {
    return cell(column).toString();
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
      if (other && !text(c).isBlank()) {
        others.put(header.get(c), text(c).strip());
      }
    }
    return others;
  }

  @Override
  public BadInputException wrong(String message) {
    String text = JsonFields.shown(String.join(",", records.cells()));
    return new BadInputException(file, records.line(), message + ": " + text);
  }

  private boolean advance() throws IOException {
    try {
      return records.next();
    } catch (CsvParseException e) {
      throw new BadInputException(file, "not CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getCause().getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
