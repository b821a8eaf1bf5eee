package dev.ilora.runs;

import dev.ilora.compare.ResultTable;
import dev.ilora.statistics.Outcomes;
import java.util.Objects;

/**
 * One run's contribution to a {@link ResultTable}.
 *
 * @param predictions its evaluated rows, which name method, seed and candidates
 * @param manifest what else is known of it: the method's family, times, parameters
 */
public record RunResult(Outcomes predictions, Manifest manifest) {
  /** Checks that both are there. */
  public RunResult {
    Objects.requireNonNull(predictions, "predictions");
    Objects.requireNonNull(manifest, "manifest");
  }
}
