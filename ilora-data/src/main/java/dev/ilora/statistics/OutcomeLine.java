package dev.ilora.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * A line of {@code outcomes.jsonl}: an {@link Outcome} with its answer laid out beside the rest.
 *
 * @param index index of the case in the evaluation file
 */
record OutcomeLine(
    @JsonProperty("case") int index,
    String user,
    int target,
    int rank,
    int[] candidates,
    Optional<double[]> scores,
    Optional<String> answer,
    Optional<Integer> answerItem,
    Optional<Integer> referenceItem) {
  /** The first line of the file. */
  record Header(String method, long seed, String protocol, String candidatesHash) {}

  static OutcomeLine of(Outcome outcome) {
    return new OutcomeLine(
        outcome.row(),
        outcome.user(),
        outcome.target(),
        outcome.rank(),
        outcome.candidates(),
        outcome.scores(),
        outcome.answer().map(Answer::text),
        outcome.answer().map(Answer::item),
        outcome.answer().map(Answer::referenceItem));
  }

  /**
   * The outcome this line says.
   *
   * @throws IllegalArgumentException if it contradicts itself
   */
  Outcome outcome() {
    boolean answered = answer.isPresent();
    if (answerItem.isPresent() != answered || referenceItem.isPresent() != answered) {
      throw new IllegalArgumentException(
          "case %s: answer, answerItem and referenceItem belong together".formatted(index));
    }
    Optional<Answer> given =
        answer.map(text -> new Answer(text, answerItem.orElseThrow(), referenceItem.orElseThrow()));
    return new Outcome(index, user, target, candidates, scores, rank, given);
  }
}
