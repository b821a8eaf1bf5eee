package dev.ilora.nn;

import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights that several threads run backward passes over at the same time, each with gradients of
 * its own, which are added up afterwards in a fixed order.
 */
public final class SharedWeights {
  private SharedWeights() {}

  /**
   * The same weights by the same names, with gradients of their own. A change of the weights in
   * place is a change of both.
   */
  public static Map<String, Tensor> shadows(Map<String, Tensor> weights) {
    Map<String, Tensor> shadows = new LinkedHashMap<>();
    weights.forEach(
        (name, weight) -> shadows.put(name, weight.detach().requiresGrad(weight.requiresGrad())));
    return shadows;
  }

  /** Adds the gradients of shadows to those of their weights, and clears them. */
  public static void gather(Map<String, Tensor> shadows, Map<String, Tensor> weights) {
    shadows.forEach(
        (name, shadow) -> {
          if (shadow.grad() != null) {
            weights.get(name).addGrad(shadow.grad());
            shadow.clearGrad();
          }
        });
  }
}
