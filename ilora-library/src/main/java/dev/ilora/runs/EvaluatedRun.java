package dev.ilora.runs;

import dev.ilora.statistics.Outcomes;
import java.util.List;

/**
 * A run with its evaluated rows: what is needed to say what it gains and costs.
 *
 * @param manifest what it is and took
 * @param predictions its rows
 * @param experts the gate's weights of each row, empty where the method has no gate
 */
public record EvaluatedRun(Manifest manifest, Outcomes predictions, List<ExpertWeights> experts) {
  /** Copies the list. */
  public EvaluatedRun {
    experts = List.copyOf(experts);
  }

  /**
   * Reads a run that was evaluated.
   *
   * @throws dev.ilora.BadInputException if it was not, or a file cannot be read
   */
  public static EvaluatedRun read(RunFolder folder) {
    return new EvaluatedRun(
        folder.manifest(), folder.result().predictions(), folder.expertWeights());
  }

  public String method() {
    return predictions.method();
  }
}
