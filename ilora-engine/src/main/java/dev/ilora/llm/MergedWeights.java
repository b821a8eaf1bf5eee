package dev.ilora.llm;

import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.LoraMixture;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;

/** One adapter written into the weights that it changes. */
public final class MergedWeights {
  private MergedWeights() {}

  /**
   * Changes a model's weights in place to what they are together with adapters.
   *
   * @param llama in F32: in fewer bits most of an update would be rounded away
   * @param adapters one expert
   * @throws IllegalArgumentException if the adapters are a mixture or for another base model, or
   *     the weights have another type
   */
  public static void merge(Llama llama, Adapters adapters) {
    if (adapters.config().experts() > 1) {
      throw new IllegalArgumentException(
          "a mixture is another model for every user: fix its expert weights first");
    }
    if (!adapters.shape().equals(llama.config().shape())) {
      throw new IllegalArgumentException(
          "the adapters are for another base model: %s, this one is %s"
              .formatted(adapters.shape(), llama.config().shape()));
    }
    if (llama.dtype() != DType.F32) {
      throw new IllegalArgumentException("weights: expected F32, got " + llama.dtype());
    }
    Torch.noGrad(
        () -> {
          for (int layer = 0; layer < llama.config().layers(); layer++) {
            for (Projection projection : adapters.adaptedIn(layer)) {
              merge(
                  llama.frozenWeights().of(layer, projection),
                  adapters.mixture(layer, projection),
                  adapters.config().scale());
            }
          }
        });
  }

  private static void merge(Tensor weight, LoraMixture adapter, double scale) {
    try (var _ = Scope.open()) {
      weight.addmmInPlace(adapter.up().mul(scale), adapter.down());
      if (adapter.magnitude() != null) {
        Tensor norms = weight.vectorNorm(1, true);
        weight.mulInPlace(adapter.magnitude().unsqueeze(1).mul(norms.square().rsqrt()));
      }
    }
  }
}
