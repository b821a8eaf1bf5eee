package dev.ilora;

import java.nio.file.Path;

/**
 * A file the user gave cannot be used as it is. The message names the file, where known the line
 * and field, the value found and what was expected; the command line shows it alone and exits with
 * 3.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A mistake in a whole file or folder. */
  public BadInputException(Path file, String message) {
    super(file + ": " + message);
  }

  /** A mistake in one line of a file, counted from 1. */
  public BadInputException(Path file, long line, String message) {
    super(file + ":" + line + ": " + message);
  }
}
