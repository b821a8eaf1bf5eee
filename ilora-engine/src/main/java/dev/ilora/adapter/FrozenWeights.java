package dev.ilora.adapter;

import dev.ilora.tensor.Tensor;

/** The weights of the base model that adapters change. */
@FunctionalInterface
public interface FrozenWeights {
  /** Weight of a projection of a layer, (O, I), in the base model's type. */
  Tensor of(int layer, Projection projection);
}
