package dev.ilora.files;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;

/** The lines of a text that are not blank, with their numbers. */
public final class TextLines implements Closeable {
  private final BufferedReader reader;
  private long line;

  /** Reads on where a reader stands, whose next line counts as the first. */
  public TextLines(BufferedReader reader) {
    this.reader = reader;
  }

  /** Returns the next line that is not blank, or null at the end. */
  public String next() throws IOException {
    String text;
    do {
      text = reader.readLine();
      line++;
    } while (text != null && text.isBlank());
    return text;
  }

  /** The number of the line read last, from 1. */
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
