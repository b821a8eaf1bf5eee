package dev.ilora.text;

/**
 * One text to pretrain on, of T tokens.
 *
 * @param kind what it exercises
 * @param tokens token ids, (T)
 * @param weights weight of each token as a target of next-token prediction, (T); 0 where it is only
 *     context, and at the first token
 * @param answerStarts first token of each answer, for measuring accuracy; empty for running text
 * @param answerEnds token after the end of each answer, its line break included
 */
public record PretrainingExample(
    Kind kind, int[] tokens, float[] weights, int[] answerStarts, int[] answerEnds) {
  /** What an example exercises. */
  public enum Kind {
    /** A sentence that tells an item's attributes; every token counts. */
    SENTENCE,
    /** A list of titles said several times over; the repetitions count. */
    REPEAT,
    /** As {@link #REPEAT} with tokens drawn at random, so that only copying helps. */
    RANDOM_REPEAT,
    /** A list and questions about it; each answer is the exact title of one of the list. */
    CHOICE,
    /**
     * The prompt's frame: the history's items share an attribute, as does exactly one candidate.
     */
    THEME,
    /** The prompt's frame: the answer is the candidate most similar to the history's items. */
    SIMILAR
  }

  public PretrainingExample {
    if (weights.length != tokens.length || answerEnds.length != answerStarts.length) {
      throw new IllegalArgumentException(
          "expected a weight a token and an end an answer, got %d for %d and %d for %d"
              .formatted(weights.length, tokens.length, answerEnds.length, answerStarts.length));
    }
  }

  /** Returns the number of tokens, T. */
  public int length() {
    return tokens.length;
  }
}
