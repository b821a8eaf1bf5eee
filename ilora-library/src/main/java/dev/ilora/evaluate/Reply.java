package dev.ilora.evaluate;

import dev.ilora.data.Case;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import java.util.Optional;

/**
 * What a model said of one case.
 *
 * @param scores score of each candidate, in the order of the case; empty where the protocol gives
 *     none
 * @param chosen dense id of the item chosen, where the protocol names one; {@link Answer#NONE}
 *     where it names none
 * @param answer the text a language model wrote
 */
public record Reply(double[] scores, int chosen, Optional<Answer> answer) {
  /** A reply that ranks all candidates. */
  static Reply scored(double[] scores, Optional<Answer> answer) {
    return new Reply(scores, Answer.NONE, answer);
  }

  /** A reply that only names an item. */
  static Reply chosen(int item, Answer answer) {
    return new Reply(new double[0], item, Optional.of(answer));
  }

  /** The outcome of a case with a known target. */
  Outcome outcome(Case asked) {
    int target = asked.target();
    if (scores.length > 0) {
      Outcome scored =
          Outcome.scored(asked.index(), asked.user(), target, asked.candidates(), scores);
      return answer.map(scored::withAnswer).orElse(scored);
    }
    int rank = chosen == target ? 1 : Outcome.UNRANKED;
    return new Outcome(
        asked.index(), asked.user(), target, asked.candidates(), Optional.empty(), rank, answer);
  }
}
