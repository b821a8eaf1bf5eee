package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.data.TextForm;
import dev.ilora.files.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the quote by which a CSV file cannot be taken apart: one that is never closed, or that is
 * closed in the middle of a cell. The parser finds neither at its place, so the file is read again.
 */
final class CsvQuotes {
  private final Path file;
  private final char separator;
  private long line = 1;
  private long opened;
  private State state = State.CELL_START;

  /** Where in a cell one is. */
  private enum State {
    CELL_START,
    PLAIN,
    QUOTED,
    AFTER_QUOTE
  }

  private CsvQuotes(Path file, char separator) {
    this.file = file;
    this.separator = separator;
  }

  /** The first such mistake of a file. */
  static Optional<BadInputException> mistake(Path file, TextForm form, char separator)
      throws IOException {
    CsvQuotes quotes = new CsvQuotes(file, separator);
    try (BufferedReader reader = TextFile.open(file, form.encoding(), TextForm.ENCODING_HELP)) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (!quotes.accept((char) c)) {
          return Optional.of(
              quotes.wrong(
                  "the quoted cell that opens here ends in line %s before '%s'; expected a separator after the closing quote (a quote inside a cell is written twice)"
                      .formatted(quotes.line, (char) c)));
        }
      }
    }
    return quotes.state == State.QUOTED
        ? Optional.of(quotes.wrong("a quote opens here and is never closed"))
        : Optional.empty();
  }

  private BadInputException wrong(String message) {
    return new BadInputException(file, opened, message);
  }

  /** Goes on by a character; false where it cannot stand. */
  private boolean accept(char c) {
    boolean ends = c == separator || c == '\n' || c == '\r';
    boolean quote = c == '"';
    if (quote && state == State.CELL_START) {
      opened = line;
    }
    boolean fits = state != State.AFTER_QUOTE || ends || quote;
    state =
        switch (state) {
          case CELL_START -> quote ? State.QUOTED : ends ? State.CELL_START : State.PLAIN;
          case PLAIN -> ends ? State.CELL_START : State.PLAIN;
          case QUOTED -> quote ? State.AFTER_QUOTE : State.QUOTED;
          case AFTER_QUOTE -> quote ? State.QUOTED : State.CELL_START;
        };
    line += c == '\n' ? 1 : 0;
    return fits;
  }
}
