package dev.ilora.runs;

import dev.ilora.files.JsonLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One prompt with what came of it, to be read by people.
 *
 * @param row index of the row in the evaluation file
 * @param user the user's raw id
 * @param prompt the prompt as text, slots shown by their placeholders
 * @param gold title of the item that came next
 * @param answer the generated text, or null where none was generated
 * @param topCandidates titles of the best-ranked candidates, best first; may be empty
 */
public record Sample(
    int row, String user, String prompt, String gold, String answer, List<String> topCandidates) {
  /** Checks that the texts are there. */
  public Sample {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(gold, "gold");
    topCandidates = List.copyOf(topCandidates);
  }

  Map<String, Object> line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("row", row);
    line.put("user", user);
    line.put("prompt", prompt);
    line.put("gold", gold);
    if (answer != null) {
      line.put("answer", answer);
    }
    line.put("top_candidates", topCandidates);
    return line;
  }

  static Sample of(JsonLine line) {
    return new Sample(
        line.integer("row"),
        line.text("user"),
        line.text("prompt"),
        line.text("gold"),
        line.textOrNull("answer"),
        line.texts("top_candidates"));
  }
}
