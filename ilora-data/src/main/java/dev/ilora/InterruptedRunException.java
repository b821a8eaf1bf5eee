package dev.ilora;

/**
 * Work stopped because the user asked it to (Ctrl-C or SIGTERM) and left everything in order. The
 * message says what was kept and how to go on; the command line shows it and exits with 130.
 */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An interruption; the message says what was kept and how to go on. */
  public InterruptedRunException(String message) {
    super(message);
  }
}
