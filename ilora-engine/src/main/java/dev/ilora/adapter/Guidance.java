package dev.ilora.adapter;

import dev.ilora.Randomness;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What the gate looks at to weigh the experts. Source: Kong et al., arXiv:2408.10159, sections 3.2
 * and 4.3 (the ablation of the guidance).
 */
public enum Guidance {
  /** The recommender's embedding of the user's sequence (the paper). */
  SEQUENCE,
  /** Mean of the embeddings of the prompt's tokens. */
  PROMPT_MEAN,
  /** A fixed random vector per user: tells users apart but carries no taste (ablation). */
  RANDOM;

  /**
   * Mean of the real token embeddings of right-padded prompts.
   *
   * @param embeddings (B, T, C)
   * @param lengths real tokens of each prompt, B values, each at least 1
   * @return (B, C)
   */
  public static Tensor promptMean(Tensor embeddings, int[] lengths) {
    int rows = (int) embeddings.size(0);
    int columns = (int) embeddings.size(1);
    if (lengths.length != rows) {
      throw new IllegalArgumentException(
          "lengths: expected %s values, got %s".formatted(rows, lengths.length));
    }
    float[] share = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      if (lengths[row] < 1 || lengths[row] > columns) {
        throw new IllegalArgumentException(
            "length of row %s: expected 1 to %s, got %s".formatted(row, columns, lengths[row]));
      }
      java.util.Arrays.fill(share, row * columns, row * columns + lengths[row], 1f / lengths[row]);
    }
    Tensor weights =
        Tensor.of(share, rows, 1, columns).to(embeddings.device()).to(embeddings.dtype());
    return weights.matmul(embeddings).squeeze(1);
  }

  /**
   * Standard normal vectors that depend only on the user's name and the seed.
   *
   * @return (users, width), F32
   */
  public static Tensor random(List<String> users, int width, long seed, Device device) {
    float[] values = new float[users.size() * width];
    for (int user = 0; user < users.size(); user++) {
      RandomGenerator random = Randomness.ofUser(seed, users.get(user));
      for (int i = 0; i < width; i++) {
        values[user * width + i] = (float) random.nextGaussian();
      }
    }
    return Tensor.of(values, users.size(), width).to(device);
  }
}
