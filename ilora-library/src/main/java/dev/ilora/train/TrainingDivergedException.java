package dev.ilora.train;

/** The loss is no longer a number, or exploded; the message holds the step and what to try. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(String task, long step, String what, double learningRate) {
    super(
        "%s diverged at step %d: %s. Try a lower learning rate (now %s), more warm-up or stronger clipping; the last checkpoint is kept."
            .formatted(task, step, what, learningRate));
  }
}
