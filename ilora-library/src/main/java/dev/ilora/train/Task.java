package dev.ilora.train;

import dev.ilora.nn.Adam;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** What a training run optimises. */
public interface Task {
  /** Name shown while it runs, for example {@code "training ilora"}. */
  String name();

  /** The trained parameters, in groups of one learning-rate factor each. */
  List<Adam.Group> groups();

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
   * The outcome of one step.
   *
   * @param loss mean over the step's answer tokens, in nats
   * @param tokens tokens processed, padding not counted
   */
  record StepLoss(double loss, long tokens) {}
}
