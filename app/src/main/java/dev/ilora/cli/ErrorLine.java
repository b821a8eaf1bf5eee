package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.config.ConfigException;
import dev.ilora.http.DownloadException;
import dev.ilora.prompt.ContextOverflowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * What a user reads when a command ends early, and the exit code.
 *
 * @param exitCode one of {@link ExitCode}
 * @param text one line, or a heading and a line for each mistake
 * @param expected whether the text says it all, so that no stack trace could add to it
 */
record ErrorLine(int exitCode, String text, boolean expected) {
  static ErrorLine of(Throwable error) {
    return switch (error) {
      case ConfigException e -> new ErrorLine(ExitCode.WRONG_USAGE, e.getMessage(), true);
      case ContextOverflowException e -> new ErrorLine(ExitCode.WRONG_USAGE, e.getMessage(), true);
      case BadInputException e -> new ErrorLine(ExitCode.BAD_INPUT, e.getMessage(), true);
      case InterruptedRunException e -> new ErrorLine(ExitCode.INTERRUPTED, e.getMessage(), true);
      case FailedCheckException e -> new ErrorLine(ExitCode.FAILED, e.getMessage(), true);
      case DownloadException e -> new ErrorLine(ExitCode.FAILED, e.getMessage(), true);
      case UncheckedIOException e -> unchecked(e);
      case NoSuchFileException e ->
          new ErrorLine(ExitCode.BAD_INPUT, e.getFile() + ": no such file", true);
      case AccessDeniedException e ->
          new ErrorLine(ExitCode.FAILED, e.getFile() + ": permission denied", true);
      case ExceptionInInitializerError e when e.getCause() != null -> of(e.getCause());
      case LinkageError e ->
          new ErrorLine(ExitCode.FAILED, describe(e) + "; ilora doctor may tell more", false);
      case FileSystemException e -> new ErrorLine(ExitCode.FAILED, e.getMessage(), true);
      case OutOfMemoryError e ->
          new ErrorLine(
              ExitCode.FAILED,
              "out of memory (" + e.getMessage() + "); give more with ILORA_JAVA_OPTS=-Xmx8g",
              true);
      case Throwable e -> new ErrorLine(ExitCode.FAILED, describe(e), false);
    };
  }

  /** The cause decides how it ends; a message of its own says more than the cause's. */
  private static ErrorLine unchecked(UncheckedIOException error) {
    ErrorLine cause = of(error.getCause());
    boolean ownMessage = !error.getCause().toString().equals(error.getMessage());
    return ownMessage ? new ErrorLine(cause.exitCode, error.getMessage(), cause.expected) : cause;
  }

  private static String describe(Throwable error) {
    String message = error.getMessage();
    boolean speaksForItself =
        message != null
            && (error instanceof IOException
                || error instanceof IllegalArgumentException
                || error instanceof IllegalStateException
                || error.getClass().getName().startsWith("dev.ilora."));
    String name = error.getClass().getSimpleName();
    return speaksForItself ? message : message == null ? name : name + ": " + message;
  }
}
