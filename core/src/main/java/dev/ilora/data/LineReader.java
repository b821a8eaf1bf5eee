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
final class LineReader implements Closeable {
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

  /** A mistake in the line read last, with its text. */
  BadInputException wrong(String message) {
    return new BadInputException(file, line, message + ": " + JsonLines.shown(text));
  }

  void requireCells(List<String> cells, int count) {
    if (cells.size() != count) {
      throw wrong("expected " + count + " cells, found " + cells.size());
    }
  }

  float number(String cell, String column) {
    try {
      float value = Float.parseFloat(cell.strip());
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(column + " is not a number");
    }
    throw wrong(column + " is not finite");
  }

  /** Seconds since 1970; a fraction is dropped. */
  long seconds(String cell, String column) {
    String digits = cell.strip();
    try {
      return digits.matches("-?\\d+") ? Long.parseLong(digits) : (long) Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw wrong(column + " is not a time in seconds");
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
