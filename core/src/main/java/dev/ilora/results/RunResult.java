package dev.ilora.results;

import dev.ilora.eval.Predictions;
import java.util.Objects;

/**
 * One run's contribution to a {@link ResultTable}.
 *
 * @param predictions its evaluated rows, which name method, seed and candidates
 * @param seconds its duration
 */
public record RunResult(Predictions predictions, double seconds) {
  /** Checks that the predictions are there. */
  public RunResult {
    Objects.requireNonNull(predictions, "predictions");
  }
}
