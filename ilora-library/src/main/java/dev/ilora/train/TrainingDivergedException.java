package dev.ilora.train;

/** The loss is no longer a number, or exploded; the message holds the step and what to try. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(String message) {
    super(message);
  }
}
