package dev.ilora.runs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One prompt with what came of it, to be read by people.
 *
 * @param index index of the case in the evaluation file
 * @param user the user's raw id
 * @param prompt the prompt as text, slots shown by their placeholders
 * @param gold title of the item that came next
 * @param answer the generated text, where one was generated
 * @param topCandidates titles of the best-ranked candidates, best first; may be empty
 */
public record Sample(
    @JsonProperty("case") int index,
    String user,
    String prompt,
    String gold,
    Optional<String> answer,
    List<String> topCandidates) {
  /** Checks that the texts are there. */
  public Sample {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(gold, "gold");
    topCandidates = List.copyOf(topCandidates);
  }
}
