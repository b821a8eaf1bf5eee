package dev.ilora.chat;

/** What is wrong in a template, and where. */
final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  TemplateException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** From 1. */
  int line() {
    return line;
  }
}
