package dev.ilora.runs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One case with what a method made of it, to be read by people. Items stand there by their titles.
 *
 * @param index index of the case in the evaluation file
 * @param user the user's raw id
 * @param history what the method was told of the user, oldest first; empty in runs of version 0.2
 * @param prompt the prompt as text, slots shown by their placeholders; empty where no language
 *     model was asked
 * @param gold the item that came next
 * @param answer the generated text, where one was generated
 * @param topCandidates the best-ranked candidates, best first; may be empty
 * @param cold which of these items were never chosen in training; empty in runs of version 0.2
 */
public record Sample(
    @JsonProperty("case") int index,
    String user,
    Optional<List<String>> history,
    Optional<String> prompt,
    String gold,
    Optional<String> answer,
    List<String> topCandidates,
    Optional<List<String>> cold) {
  /** Checks that the texts are there. */
  public Sample {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(gold, "gold");
    history = history.map(List::copyOf);
    topCandidates = List.copyOf(topCandidates);
    cold = cold.map(List::copyOf);
  }

  /** What the method chooses: the candidate it ranks first, or else the text it wrote. */
  public Optional<String> choice() {
    return topCandidates.stream().findFirst().or(() -> answer.map(String::strip));
  }

  /** Whether it chooses the item that came next. */
  public boolean right() {
    return choice().map(String::strip).equals(Optional.of(gold.strip()));
  }

  /** Whether an item is known to have never been chosen in training. */
  public boolean isCold(String title) {
    return cold.stream().anyMatch(titles -> titles.contains(title));
  }
}
