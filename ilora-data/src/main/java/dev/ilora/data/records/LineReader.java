package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonFields;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lines of a delimited text file without quoting, with line numbers for messages. */
public final class LineReader implements RecordSource, Closeable {
  private final Path file;
  private final String delimiter;
  private final RecordStream records;

  public LineReader(Path file, Charset charset, String delimiter) throws IOException {
    this(file, Files.newInputStream(file), charset, delimiter);
  }

  /** Reads a stream over the file, which is read to its end. */
  public LineReader(Path file, InputStream in, Charset charset, String delimiter) {
    this.file = file;
    this.delimiter = delimiter;
    // An InputStreamReader replaces malformed bytes instead of failing in the middle of a file.
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, charset));
    this.records = new RecordStream(new Lines(reader, delimiter));
  }

  /** Moves to the next line that is not blank; false at the end. */
  public boolean next() throws IOException {
    return records.next();
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
  public BadInputException wrong(String message) {
    return records.ended()
        ? new BadInputException(file, message)
        : new BadInputException(
            file,
            records.line(),
            message + ": " + JsonFields.shown(String.join(delimiter, records.cells())));
  }

  public void requireCells(int count) {
    if (records.cellCount() != count) {
      throw wrong("expected " + count + " cells, found " + records.cellCount());
    }
  }

  public void requireHeader(String... names) throws IOException {
    if (!next()) {
      throw wrong("empty file");
    }
    List<String> cells = cells();
    for (String name : names) {
      if (!cells.contains(name)) {
        throw wrong("missing column '" + name + "'");
      }
    }
    if (!cells.equals(List.of(names))) {
      throw wrong("expected the columns " + String.join(", ", names));
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
  }

  /** Parts lines at a delimiter. */
  private static final class Lines implements RecordStream.Parser {
    private final BufferedReader reader;
    private final String delimiter;
    private long line;

    Lines(BufferedReader reader, String delimiter) {
      this.reader = reader;
      this.delimiter = delimiter;
    }

    @Override
    public boolean parse(RecordBatch batch) throws IOException {
      String text;
      do {
        text = reader.readLine();
        line++;
      } while (text != null && text.isBlank());
      if (text == null) {
        return false;
      }
      int from = 0;
      for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
        batch.addCell(text, from, at);
        from = at + delimiter.length();
      }
      batch.addCell(text, from, text.length());
      batch.endRecord(line);
      return true;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
