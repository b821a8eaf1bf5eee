package dev.ilora.adapter;

import dev.ilora.tensor.Tensor;

/** The weights of the base model that adapters change. */
@FunctionalInterface
public interface FrozenWeights {
  /**
   * Weight of a projection of a layer, (O, I), in the type it is multiplied in; computed in the
   * caller's scope where it is held in another form.
   */
  Tensor of(int layer, Projection projection);
}
