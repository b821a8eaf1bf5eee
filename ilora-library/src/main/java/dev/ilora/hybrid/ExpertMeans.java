package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The weights a gate gives the experts, as numbers. */
public final class ExpertMeans {
  private static final int BATCH = 64;

  private ExpertMeans() {}

  /**
   * Returns the weight of each expert for each case, the mean over layers where each has a gate of
   * its own; empty arrays for a model without a gate.
   */
  public static List<double[]> of(PromptModel model, List<Case> cases) {
    List<double[]> all = new ArrayList<>(cases.size());
    if (!(model.tuning() instanceof Tuning.Mixture mixture)) {
      cases.forEach(_ -> all.add(new double[0]));
      return all;
    }
    int experts = mixture.gate().sizes().experts();
    for (int from = 0; from < cases.size(); from += BATCH) {
      List<Case> part = cases.subList(from, Math.min(cases.size(), from + BATCH));
      try (var _ = Scope.open()) {
        Tensor weights = model.expertWeights(part).orElseThrow();
        float[] values = (weights.dim() == 3 ? weights.mean(0, false) : weights).toFloats();
        for (int i = 0; i < part.size(); i++) {
          double[] own = new double[experts];
          int first = i * experts;
          Arrays.setAll(own, k -> values[first + k]);
          all.add(own);
        }
      }
    }
    return all;
  }
}
