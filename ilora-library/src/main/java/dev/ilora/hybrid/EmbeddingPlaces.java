package dev.ilora.hybrid;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places of a batch of tokens that hold vectors: added to the embedding of the token there, or
 * instead of it.
 *
 * <p>B sequences, T tokens, N vectors, C width of the language model.
 */
public final class EmbeddingPlaces {
  private final int rows;
  private final int length;

  /** For each token 1 + its vector, or 0 without one. */
  private final long[] vectors;

  /** For each token 0 where its vector stands instead of it, else 1. */
  private final float[] kept;

  private boolean empty = true;
  private boolean replaces;

  /**
   * No places yet.
   *
   * @param rows B
   * @param length T
   */
  public EmbeddingPlaces(int rows, int length) {
    this.rows = rows;
    this.length = length;
    vectors = new long[rows * length];
    kept = new float[rows * length];
    Arrays.fill(kept, 1);
  }

  /**
   * Puts a vector to a token.
   *
   * @param vector 0 to N - 1
   * @param adds whether it is added to the token's embedding or stands instead of it
   */
  public void put(int row, int position, int vector, boolean adds) {
    int at = row * length + position;
    vectors[at] = 1L + vector;
    kept[at] = adds ? 1 : 0;
    empty = false;
    replaces |= !adds;
  }

  /** Whether no token has a vector. */
  public boolean isEmpty() {
    return empty;
  }

  /**
   * Returns token embeddings with the vectors in their places.
   *
   * @param tokens (B, T, C)
   * @param placed the vectors in parts, (N, C) together, F32; not read where there are no places
   * @return (B, T, C) in the type of the tokens
   */
  public Tensor fill(Tensor tokens, List<Tensor> placed) {
    if (empty) {
      return tokens;
    }
    List<Tensor> table = new ArrayList<>();
    table.add(Tensor.zeros(DType.F32, tokens.device(), 1, tokens.size(-1)));
    table.addAll(placed);
    Tensor own = Tensor.of(vectors, rows, length).to(tokens.device());
    Tensor filled = Tensor.cat(table, 0).embedding(own).to(tokens.dtype());
    return replaces ? tokens.mul(mask(tokens)).add(filled) : tokens.add(filled);
  }

  private Tensor mask(Tensor tokens) {
    return Tensor.of(kept, rows, length, 1).to(tokens.device()).to(tokens.dtype());
  }
}
