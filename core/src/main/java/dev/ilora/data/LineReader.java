package dev.ilora.data;

import dev.ilora.BadInputException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of a delimited text file without quoting, with line numbers for messages. */
final class LineReader implements RecordSource, Closeable {
  private final Path file;
  private final String delimiter;
  private final BufferedReader reader;
  private long line;
  private String text = "";

  LineReader(Path file, Charset charset, String delimiter) throws IOException {
    this.file = file;
    this.delimiter = delimiter;
    // An InputStreamReader replaces malformed bytes instead of failing in the middle of a file.
    this.reader = new BufferedReader(new InputStreamReader(Files.newInputStream(file), charset));
  }

  /** The cells of the next line that is not blank, or null at the end. */
  List<String> next() throws IOException {
    do {
      text = reader.readLine();
      line++;
    } while (text != null && text.isBlank());
    return text == null ? null : split(text);
  }

  private List<String> split(String line) {
    List<String> cells = new ArrayList<>();
    int from = 0;
    for (int at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, from)) {
      cells.add(line.substring(from, at));
      from = at + delimiter.length();
    }
    cells.add(line.substring(from));
    return cells;
  }

  @Override
  public BadInputException wrong(String message) {
    return text == null
        ? new BadInputException(file, message)
        : new BadInputException(file, line, message + ": " + JsonLines.shown(text));
  }

  void requireCells(List<String> cells, int count) {
    if (cells.size() != count) {
      throw wrong("expected " + count + " cells, found " + cells.size());
    }
  }

  void requireHeader(String... names) throws IOException {
    List<String> cells = next();
    if (cells == null) {
      throw wrong("empty file");
    }
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
    reader.close();
  }
}
