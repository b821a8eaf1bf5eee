package dev.ilora.runs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * How a gate mixed the experts for one evaluated case.
 *
 * @param index index of the case in the evaluation file
 * @param user the user's raw id
 * @param group name of the user's group where one is known, such as the demo world's taste rule
 * @param weights weight of each expert, (K); the mean over layers where each layer has a gate
 */
public record ExpertWeights(
    @JsonProperty("case") int index, String user, Optional<String> group, double[] weights) {
  /** Checks that the user is there, and that weights are. */
  public ExpertWeights {
    Objects.requireNonNull(user, "user");
    if (weights.length == 0) {
      throw new IllegalArgumentException("weights: expected one for each expert, got none");
    }
    for (double weight : weights) {
      if (!Double.isFinite(weight) || weight < 0) {
        throw new IllegalArgumentException(
            "weights: expected finite numbers of at least 0, got " + weight);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExpertWeights o
        && index == o.index
        && user.equals(o.user)
        && group.equals(o.group)
        && Arrays.equals(weights, o.weights);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, user, group, Arrays.hashCode(weights));
  }
}
