package dev.ilora.http;

/** A download that could not be finished; the message says what to do next. */
public final class DownloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A download that was refused; the message says all. */
  public DownloadException(String message) {
    super(message);
  }

  /** The same with what went wrong below. */
  public DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
