package dev.ilora;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file the user gave cannot be used as it is. The message names the file, where known the line
 * and field, the value found and what was expected; the command line shows it alone and exits with
 * 3.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long line;

  private BadInputException(String message, long line) {
    super(message);
    this.line = line;
  }

  /** A mistake in a whole file or folder. */
  public BadInputException(Path file, String message) {
    this(file + ": " + message, 0);
  }

  /** A mistake in one line of a file, counted from 1. */
  public BadInputException(Path file, long line, String message) {
    this(file + ":" + line + ": " + message, line);
  }

  /**
   * Several mistakes as one.
   *
   * @param first those that are shown, at least one
   * @param count how many there are
   * @param rest a line each on those that are not shown
   */
  public static BadInputException all(
      List<BadInputException> first, long count, List<String> rest) {
    if (count == 1) {
      return first.getFirst();
    }
    String lines =
        Stream.concat(first.stream().map(BadInputException::getMessage), rest.stream())
            .map(line -> "\n  " + line)
            .collect(Collectors.joining());
    return new BadInputException("%s mistakes:%s".formatted(count, lines), first.getFirst().line());
  }

  /** The line of the mistake, from 1; 0 where it is not in one line. */
  public long line() {
    return line;
  }
}
