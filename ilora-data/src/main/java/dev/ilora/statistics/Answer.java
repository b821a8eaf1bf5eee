package dev.ilora.statistics;

import java.util.Locale;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The text a language model wrote for one row, and the candidate it names under two rules.
 *
 * <p>Ours: the trimmed text equals the trimmed title of a candidate; of candidates that share a
 * title the first is taken. The reference's, as in the released code of LLaRA and iLoRA: both
 * lower-cased and trimmed, exactly one candidate's title occurs in the text. The latter has a flaw
 * it is kept apart for: a title that contains another candidate's title can never be a valid
 * answer.
 *
 * @param text what was generated, as is
 * @param item the candidate named under our rule, or {@link #NONE}
 * @param referenceItem the candidate named under the reference's rule, or {@link #NONE}
 */
public record Answer(String text, int item, int referenceItem) {
  /** In place of an item id: the text names no candidate. */
  public static final int NONE = -1;

  /** Checks that the text is there. */
  public Answer {
    Objects.requireNonNull(text, "text");
  }

  /**
   * Reads a generated text as one of the candidates.
   *
   * @param text the generated text, with or without its final line end
   * @param candidates item ids, (N)
   * @param title the title of an item id
   */
  public static Answer of(String text, int[] candidates, IntFunction<String> title) {
    return new Answer(text, exact(text, candidates, title), contained(text, candidates, title));
  }

  /** Whether the text names a candidate under our rule. */
  public boolean valid() {
    return item != NONE;
  }

  private static int exact(String text, int[] candidates, IntFunction<String> title) {
    String answer = text.strip();
    for (int candidate : candidates) {
      if (title.apply(candidate).strip().equals(answer)) {
        return candidate;
      }
    }
    return NONE;
  }

  private static int contained(String text, int[] candidates, IntFunction<String> title) {
    String answer = text.strip().toLowerCase(Locale.ROOT);
    int found = NONE;
    for (int candidate : candidates) {
      if (answer.contains(title.apply(candidate).strip().toLowerCase(Locale.ROOT))) {
        if (found != NONE) {
          return NONE;
        }
        found = candidate;
      }
    }
    return found;
  }
}
