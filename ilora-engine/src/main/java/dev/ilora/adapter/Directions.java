package dev.ilora.adapter;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What DoRA divides the rows of adapted matrices by, for the sequences of a pass: the norms of
 * {@code W + Σ_r c_br · up_r · down_r}, c_b the scales of sequence b.
 *
 * <p>The matrices are not formed: the squares are {@code |W|² + 2 W·Δ + |Δ|²}, and the products of
 * W with the downs and of the downs with each other are the same for all sequences. Norms are
 * constants to gradients (Liu et al., arXiv:2402.09353, section 4.3).
 */
final class Directions {
  private final List<Map<Projection, Tensor>> inverse;
  private final Tensor rows;

  private Directions(List<Map<Projection, Tensor>> inverse, Tensor rows) {
    this.inverse = inverse;
    this.rows = rows;
  }

  /**
   * @param scales (B, R) for all layers, or (L, B, R)
   * @param alike whether all sequences have the same scales
   */
  static Directions of(Adapters adapters, Tensor scales, boolean alike, FrozenWeights frozen) {
    return Torch.noGrad(
        () -> {
          List<Map<Projection, Tensor>> inverse = new ArrayList<>();
          for (int layer = 0; layer < adapters.shape().layers(); layer++) {
            Tensor all = scales.dim() == 3 ? scales.select(0, layer) : scales;
            Tensor own = (alike ? all.slice(0, 0, 1) : all).detach();
            Map<Projection, Tensor> ofLayer = new EnumMap<>(Projection.class);
            for (Projection projection : adapters.adaptedIn(layer)) {
              LoraMixture mixture = adapters.mixture(layer, projection);
              try (var scope = Scope.open()) {
                Tensor weight = frozen.of(layer, projection).detach();
                ofLayer.put(projection, scope.keep(inverse(mixture, weight, own)));
              }
            }
            inverse.add(ofLayer);
          }
          return new Directions(inverse, null);
        });
  }

  /** One over the norms, (B, O). */
  private static Tensor inverse(LoraMixture mixture, Tensor weight, Tensor scales) {
    try (var scope = Scope.open()) {
      Tensor frozen = weight.to(DType.F32);
      Tensor down = mixture.down().detach();
      Tensor up = mixture.up().detach();
      Tensor length = frozen.vectorNorm(1, false).square();
      Tensor products = up.mul(frozen.linear(down));
      Tensor scaled = up.unsqueeze(0).mul(scales.unsqueeze(1));
      Tensor update = scaled.linear(down.matmul(down.transpose(0, 1))).mul(scaled).sum(-1, false);
      Tensor squares = scales.linear(products).mul(2).add(update).add(length);
      return scope.keep(squares.rsqrt());
    }
  }

  /** The same for other rows: row i of the result is row {@code chosen[i]} of this. */
  Directions rows(Tensor chosen) {
    return new Directions(inverse, rows == null ? chosen : rows.indexSelect(0, chosen));
  }

  /** One over the norms of a projection, (B, O), or (1, O) where all sequences have the same. */
  Tensor inverse(int layer, Projection projection) {
    Tensor own = inverse.get(layer).get(projection);
    return rows == null || own.size(0) == 1 ? own : own.indexSelect(0, rows);
  }
}
