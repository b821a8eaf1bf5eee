package dev.ilora.cli;

/** What a command checked is not so; everything else that is to be said has been printed. */
final class FailedCheckException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FailedCheckException(String message) {
    super(message);
  }
}
