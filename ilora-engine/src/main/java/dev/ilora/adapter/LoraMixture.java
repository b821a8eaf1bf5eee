package dev.ilora.adapter;

import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.List;

/**
 * The update a mixture of LoRA experts adds to one frozen linear layer: {@code Δy_b = Σ_k alpha/R_k
 * · w_bk · up_k · down_k · x_b}.
 *
 * <p>B sequences, T tokens, I input width, O output width, K experts, R sum of the experts' ranks.
 * The experts' matrices are stacked, so that the sum is two thin products with a scale between:
 * {@code up · (scale_b * (down · x_b))}, the cost of plain LoRA of the same total rank.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, section 3; plain LoRA (K = 1, w = 1): Hu et al.,
 * arXiv:2106.09685.
 */
public final class LoraMixture {
  /**
   * The most rows whose update is computed in the adapters' own 32 bits: to convert the adapters
   * and to multiply such flat matrices in 16 bits takes longer.
   */
  private static final int FEW = 16;

  private final Tensor down;
  private final Tensor up;
  private final Tensor magnitude;
  private final Tensor spread;

  /**
   * @param down stacked {@code A}, (R, I)
   * @param up stacked {@code B}, (O, R)
   * @param magnitude of DoRA, (O), or null
   * @param spread expert weights to scales of the stacked ranks, (K, R), see {@link #spread}
   */
  LoraMixture(Tensor down, Tensor up, Tensor magnitude, Tensor spread) {
    this.down = down;
    this.up = up;
    this.magnitude = magnitude;
    this.spread = spread;
  }

  /**
   * The matrix that turns expert weights (B, K) into one scale per stacked rank (B, R): alpha /
   * R_k, or as the form says, in the columns of expert k, zero elsewhere.
   */
  static Tensor spread(AdapterConfig config, Device device) {
    List<Integer> ranks = config.ranks();
    int total = config.totalRank();
    float[] values = new float[ranks.size() * total];
    int column = 0;
    for (int expert = 0; expert < ranks.size(); expert++) {
      for (int i = 0; i < ranks.get(expert); i++) {
        values[expert * total + column++] = (float) config.scale(ranks.get(expert));
      }
    }
    return Tensor.of(values, ranks.size(), total).to(device);
  }

  /** Stacked {@code A}, (R, I). */
  public Tensor down() {
    return down;
  }

  /** Stacked {@code B}, (O, R). */
  public Tensor up() {
    return up;
  }

  /** Length of each row of the adapted matrix, (O), with DoRA; else null. */
  public Tensor magnitude() {
    return magnitude;
  }

  /**
   * Returns the update for one batch, owned by the caller's scope; with DoRA, before rows are
   * brought to their lengths.
   *
   * @param x layer input, (B, T, I)
   * @param expertWeights weight of each expert for each sequence, (B, K), used as given
   * @return Δy, (B, T, O)
   * @throws IllegalArgumentException if a shape does not fit, naming the expected and the given
   *     shape
   */
  public Tensor update(Tensor x, Tensor expertWeights) {
    x.requireShape("input of the adapter", -1, -1, down.size(1));
    expertWeights.requireShape("expert weights", x.size(0), spread.size(0));
    Tensor scales = expertWeights.matmul(spread).to(x.dtype()).unsqueeze(1);
    return x.linear(down.to(x.dtype())).mul(scales).linear(up.to(x.dtype()));
  }

  /**
   * Multiplies rows of the adapted matrix, that is columns of its outputs. In 32 bits: factors are
   * near one, and 16 bits know no number between 1 and 1.004 there.
   *
   * @param output (N, O)
   * @param factors one for each column, (1, O), or (B, O) where N = B·T
   * @return (N, O), of the output's type
   */
  static Tensor rescaled(Tensor output, Tensor factors) {
    if (factors.size(0) == 1 || factors.size(0) == output.size(0)) {
      return output.mul(factors).to(output.dtype());
    }
    return output
        .view(factors.size(0), -1, output.size(1))
        .mul(factors.unsqueeze(1))
        .to(output.dtype())
        .view(output.shape());
  }

  /**
   * Adds the update to the frozen layer's output, in place where the types allow it.
   *
   * @param output what the frozen layer returned, (N, O); must not be used by the caller afterwards
   * @param x layer input, (N, I)
   * @param scales one scale per stacked rank, (B, 1, R) where N = B·T, or (N, R)
   * @return output + Δy, (N, O)
   */
  Tensor addTo(Tensor output, Tensor x, Tensor scales) {
    if (x.size(0) <= FEW) {
      Tensor inner = x.to(down.dtype()).linear(down);
      return output.addInPlace(scaled(inner, scales).linear(up), 1);
    }
    Tensor inner = x.linear(down.to(x.dtype()));
    return output.addmmInPlace(scaled(inner, scales), up.to(x.dtype()).transpose(0, 1));
  }

  private static Tensor scaled(Tensor inner, Tensor scales) {
    return scales.dim() == 2
        ? inner.mul(scales)
        : inner.view(scales.size(0), -1, scales.size(2)).mul(scales).view(-1, scales.size(2));
  }
}
