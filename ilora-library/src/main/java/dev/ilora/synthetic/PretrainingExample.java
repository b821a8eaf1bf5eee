package dev.ilora.synthetic;

/**
 * One text to pretrain on, of T tokens, some of which may carry vectors.
 *
 * @param kind what it exercises
 * @param tokens token ids, (T)
 * @param weights weight of each token as a target of next-token prediction, (T); 0 where it is only
 *     context, and at the first token
 * @param answerStarts first token of each answer, for measuring accuracy; empty for running text
 * @param answerEnds token after the end of each answer, its line break included
 * @param among for each answer the different first tokens of the titles it is one of, its own
 *     included; empty where the answer is no choice
 * @param vectors what stands in the text beside tokens
 */
public record PretrainingExample(
    Kind kind,
    int[] tokens,
    float[] weights,
    int[] answerStarts,
    int[] answerEnds,
    int[][] among,
    Vectors vectors) {
  /** What an example exercises. */
  public enum Kind {
    /** Titles of a catalogue, each with a value of an attribute; the values count. */
    FACTS,
    /** A list of titles said several times over; the repetitions count. */
    REPEAT,
    /** As {@link #REPEAT} with tokens drawn at random, so that only copying helps. */
    RANDOM_REPEAT,
    /** A list and questions about it; each answer is the exact title of one of the list. */
    CHOICE,
    /**
     * The prompt's frame: the titles of the history have a word in common, as has one candidate's.
     */
    THEME,
    /** The prompt's frame: the answer is what a user of some taste chose, by items' vectors. */
    TASTE
  }

  /**
   * Vectors to be projected to the model's width, and where they stand.
   *
   * @param positions ascending positions in the tokens, S of them
   * @param rows which vector stands at each position, S of them
   * @param adds true where it is added to the token's embedding, false where it replaces it
   * @param values the vectors, all of one width
   */
  public record Vectors(int[] positions, int[] rows, boolean[] adds, float[][] values) {
    /** Text alone. */
    public static final Vectors NONE =
        new Vectors(new int[0], new int[0], new boolean[0], new float[0][]);

    /** Refuses lists of different length. */
    public Vectors {
      if (rows.length != positions.length || adds.length != positions.length) {
        throw new IllegalArgumentException(
            "expected equally many positions, rows and modes, got %s, %s and %s"
                .formatted(positions.length, rows.length, adds.length));
      }
    }
  }

  /** A text without vectors. */
  public PretrainingExample(
      Kind kind, int[] tokens, float[] weights, int[] answerStarts, int[] answerEnds) {
    this(
        kind,
        tokens,
        weights,
        answerStarts,
        answerEnds,
        new int[answerStarts.length][0],
        Vectors.NONE);
  }

  public PretrainingExample {
    if (weights.length != tokens.length || answerEnds.length != answerStarts.length) {
      throw new IllegalArgumentException(
          "expected a weight a token and an end an answer, got %s for %s and %s for %s"
              .formatted(weights.length, tokens.length, answerEnds.length, answerStarts.length));
    }
  }

  /** Returns the number of tokens, T. */
  public int length() {
    return tokens.length;
  }
}
