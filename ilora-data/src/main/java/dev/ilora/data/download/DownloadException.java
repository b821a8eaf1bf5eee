package dev.ilora.data.download;

/** A download that could not be finished; the message says what to do next. */
public final class DownloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DownloadException(String message) {
    super(message);
  }

  DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
