package dev.ilora.prompt;

/** A prompt does not fit the model's context, even with its titles cut as far as they may be. */
public final class ContextOverflowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ContextOverflowException(String message) {
    super(message);
  }
}
