package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.Printable;
import dev.ilora.data.TextForm;
import dev.ilora.files.JsonFields;
import dev.ilora.files.TextFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Lines of a delimited text file without quoting, with line numbers for messages. */
public final class LineReader implements RecordSource, Closeable {
  private final Path file;
  private final String delimiter;
  private final RecordStream records;

  public LineReader(Path file, Charset charset, String delimiter) throws IOException {
    this(file, TextFile.open(file, charset, ""), delimiter);
  }

  /** Reads a file whose encoding the user can name. */
  LineReader(Path file, TextForm form, String delimiter) throws IOException {
    this(file, TextFile.open(file, form.encoding(), TextForm.ENCODING_HELP), delimiter);
  }

  /** Reads a stream of UTF-8 over the file, which is read to its end. */
  public LineReader(Path file, InputStream in, String delimiter) throws IOException {
    this(file, TextFile.open(file, in, StandardCharsets.UTF_8, ""), delimiter);
  }

  private LineReader(Path file, BufferedReader reader, String delimiter) {
    this.file = file;
    this.delimiter = delimiter;
    this.records = new RecordStream(new LineRecords(reader, delimiter));
  }

  /** Moves to the next line that is not blank; false at the end. */
  @Override
  public boolean next() throws IOException {
    return records.next();
  }

  /** The lines that are left. */
  RecordStream records() {
    return records;
  }

  /** A cell, valid until the next call of {@link #next}. */
  public Slice cell(int index) {
    return records.cell(index);
  }

  /** The cells as text. */
  public List<String> cells() {
    return records.cells();
  }

  @Override
  public long line() {
    return records.line();
  }

  @Override
  public BadInputException wrong(String message) {
    return records.ended()
        ? new BadInputException(file, message)
        : new BadInputException(file, records.line(), message);
  }

  public void requireCells(int count) {
    if (records.cellCount() != count) {
      throw wrong("expected %s cells, found %s: %s".formatted(count, records.cellCount(), shown()));
    }
  }

  private String shown() {
    return Printable.lines(JsonFields.shown(String.join(delimiter, records.cells())));
  }

  public void requireHeader(String... names) throws IOException {
    if (!next()) {
      throw wrong("empty file");
    }
    List<String> cells = cells();
    for (String name : names) {
      if (!cells.contains(name)) {
        throw wrong("missing column '%s'; found: %s".formatted(name, String.join(", ", cells)));
      }
    }
    if (!cells.equals(List.of(names))) {
      throw wrong(
          "expected the columns %s; found: %s"
              .formatted(String.join(", ", names), String.join(", ", cells)));
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
