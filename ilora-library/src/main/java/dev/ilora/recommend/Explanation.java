package dev.ilora.recommend;

import java.util.List;
import java.util.Optional;

/**
 * How a ranking came about.
 *
 * @param score what the scores are: {@code log-likelihood} of a title, in the form that the recipe
 *     asks for, {@code logit} of an item, or the {@code count} of its interactions
 * @param candidates number of items that were ranked
 * @param shortlistedBy which recommender chose them, where there were more than the language model
 *     is given at a time
 * @param historyUsed number of history items the model read
 * @param titlesCut titles cut short or left out so that the prompt fits the model's context
 * @param expertWeights weight of each expert for this user, their mean where each layer has its own
 *     gate; empty for models without a gate
 */
public record Explanation(
    String score,
    int candidates,
    Optional<String> shortlistedBy,
    int historyUsed,
    int titlesCut,
    List<Double> expertWeights) {
  /** Copies the weights. */
  public Explanation {
    expertWeights = List.copyOf(expertWeights);
  }
}
