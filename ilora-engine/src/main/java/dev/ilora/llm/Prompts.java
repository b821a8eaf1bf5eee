package dev.ilora.llm;

import dev.ilora.tensor.Tensor;
import java.util.List;

/**
 * A right-padded batch of prompts as embeddings.
 *
 * @param embeddings (B, T, C)
 * @param lengths real tokens of each prompt, B values, each 1 to T
 */
public record Prompts(Tensor embeddings, int[] lengths) {

  public Prompts {
    embeddings.requireShape("prompts", lengths.length, -1, -1);
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] < 1 || lengths[row] > embeddings.size(1)) {
        throw new IllegalArgumentException(
            "length of prompt %s: expected 1 to %s, got %s"
                .formatted(row, embeddings.size(1), lengths[row]));
      }
    }
  }

  /**
   * Embeds prompts of tokens, padded to the longest.
   *
   * @param tokens at least one prompt, none of them empty
   */
  public static Prompts of(Llama llama, List<int[]> tokens) {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("prompts: expected at least one, got none");
    }
    int columns = tokens.stream().mapToInt(prompt -> prompt.length).max().getAsInt();
    long[] padded = new long[tokens.size() * columns];
    int[] lengths = new int[tokens.size()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = tokens.get(row).length;
      for (int i = 0; i < lengths[row]; i++) {
        padded[row * columns + i] = tokens.get(row)[i];
      }
    }
    return new Prompts(llama.embed(Tensor.of(padded, lengths.length, columns)), lengths);
  }

  /** Number of prompts, B. */
  public int size() {
    return lengths.length;
  }

  /** Tokens of the longest prompt with its padding, T. */
  public int columns() {
    return (int) embeddings.size(1);
  }

  /** Flat positions b·T + t of each prompt's last real token, I64, (B). */
  public Tensor lastPositions() {
    long[] positions = new long[lengths.length];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = (long) row * columns() + lengths[row] - 1;
    }
    return Tensor.of(positions, positions.length).to(embeddings.device());
  }

  /** Every prompt a number of times, copies together. */
  Prompts repeated(int times) {
    int[] repeated = new int[lengths.length * times];
    for (int row = 0; row < repeated.length; row++) {
      repeated[row] = lengths[row / times];
    }
    return new Prompts(embeddings.repeatInterleave(times, 0), repeated);
  }
}
