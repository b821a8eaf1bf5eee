package dev.ilora.nn;

import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Bounds the length of all gradients taken as one vector. */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Scales the gradients so that their global Euclidean norm is at most {@code maxNorm}, and
   * returns the norm before. A norm that is not finite is returned and nothing scaled: the caller
   * decides.
   *
   * @param parameters tensors whose gradients count; those without one count as zero
   * @param maxNorm bound, above 0; infinite only measures
   */
  public static double clip(Collection<Tensor> parameters, double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException("maximum gradient norm " + maxNorm + " is not above 0");
    }
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            return scale(
                parameters.stream().map(Tensor::grad).filter(Objects::nonNull).toList(), maxNorm);
          }
        });
  }

  private static double scale(List<Tensor> gradients, double maxNorm) {
    if (gradients.isEmpty()) {
      return 0;
    }
    double norm = Tensor.stack(gradients.stream().map(Tensor::norm).toList(), 0).norm().item();
    if (Double.isFinite(norm) && norm > maxNorm) {
      gradients.forEach(gradient -> gradient.mulInPlace(maxNorm / norm));
    }
    return norm;
  }
}
