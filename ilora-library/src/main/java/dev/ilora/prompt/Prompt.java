package dev.ilora.prompt;

/**
 * One encoded prompt of T tokens with S places for embeddings.
 *
 * @param tokens token ids, T of them; the answer follows directly
 * @param slotPositions ascending positions in {@code tokens}, S of them
 * @param slotItems item id whose projected embedding belongs at each position, S of them; {@link
 *     #USER} is the user's sequence embedding, {@link #virtual} a learned vector
 * @param slotAdds true where the embedding is added to the token's own, false where it replaces it
 * @param titlesTruncated how many titles of this prompt were cut short to fit the context
 * @param titlesDropped how many of the oldest history titles were left out to fit the context
 * @param titleCap the longest candidate title kept, in tokens; {@link Integer#MAX_VALUE} when none
 *     was cut
 */
public record Prompt(
    int[] tokens,
    int[] slotPositions,
    int[] slotItems,
    boolean[] slotAdds,
    int titlesTruncated,
    int titlesDropped,
    int titleCap) {
  /** The item id in {@code slotItems} that stands for the user's sequence embedding. */
  public static final int USER = -1;

  /**
   * The item id in {@code slotItems} that stands for a learned vector.
   *
   * @param number of it, from 0
   */
  public static int virtual(int number) {
    return USER - 1 - number;
  }

  /** Whether an item id in {@code slotItems} stands for a learned vector. */
  public static boolean isVirtual(int item) {
    return item < USER;
  }

  /** Which learned vector an item id in {@code slotItems} stands for. */
  public static int virtualNumber(int item) {
    return USER - 1 - item;
  }

  public Prompt {
    int slots = slotPositions.length;
    if (slotItems.length != slots || slotAdds.length != slots) {
      throw new IllegalArgumentException(
          "expected equally many slot positions, items and modes, got %s, %s and %s"
              .formatted(slots, slotItems.length, slotAdds.length));
    }
  }

  /** Returns the number of tokens, T. */
  public int length() {
    return tokens.length;
  }
}
