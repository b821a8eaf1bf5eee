package dev.ilora.train;

import dev.ilora.nn.Adam;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a training run optimises. */
public interface Task {
  /** Name shown while it runs, for example {@code "training ilora"}. */
  String name();

  /** The trained parameters, in groups of one learning-rate factor each. */
  List<Adam.Group> groups();

  /** Constants of the optimiser; AdamW's unless a task says otherwise. */
  default Adam.Options optimiser() {
    return Adam.Options.adamW();
  }

  /**
   * What a step changes beside the trained parameters, such as running statistics; kept in
   * checkpoints with them.
   */
  default Map<String, Tensor> buffers() {
    return Map.of();
  }

  /**
   * Computes the loss of one step and adds its gradients to the parameters. Called inside a scope
   * and after the engine was seeded for this step; every other random choice must depend on the
   * step alone.
   *
   * @param step from 0
   */
  StepLoss accumulate(long step);

  /**
   * Does what follows a step's update, such as a validation after an epoch; what it changes must be
   * in the buffers. Called before the step's checkpoint.
   *
   * @param step the step that ended
   */
  default void afterUpdate(Trainer.Step step) {}

  /**
   * Whether training ends here, before its last step. Depends on the buffers and the step only, so
   * that a training resumed from its last checkpoint ends where it had ended.
   *
   * @param done steps finished
   */
  default boolean isFinished(long done) {
    return false;
  }

  /**
   * What progress says of a step beside its number.
   *
   * @param step the step that ended, after {@link #afterUpdate}
   * @param smoothedLoss mean of the latest losses
   */
  default String detail(Trainer.Step step, double smoothedLoss) {
    return String.format(
        Locale.ROOT, "loss %.3f, %.0f tokens/s", smoothedLoss, step.tokensPerSecond());
  }

  /**
   * The outcome of one step.
   *
   * @param loss mean over the step's answer tokens, in nats
   * @param tokens tokens processed, padding not counted
   */
  record StepLoss(double loss, long tokens) {}
}
