package dev.ilora.train;

import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of the weights of a training when they were best; goes into checkpoints as it is. */
final class BestWeights implements AutoCloseable {
  private static final String PREFIX = "best.";

  private final Map<String, Tensor> weights;
  private final Map<String, Tensor> copies = new LinkedHashMap<>();

  /** Copies the weights as they are now. */
  BestWeights(Map<String, Tensor> weights) {
    this.weights = weights;
    try (var scope = Scope.open()) {
      weights.forEach((name, weight) -> copies.put(name, scope.keep(weight.detach().copy())));
    }
  }

  /** The copies, by names of their own. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    copies.forEach((name, copy) -> state.put(PREFIX + name, copy));
    return state;
  }

  /** Copies the weights as they are now, in place of the former copy. */
  void keep() {
    try (var _ = Scope.open()) {
      weights.forEach((name, weight) -> copies.get(name).copyInPlace(weight.detach()));
    }
  }

  /** Gives the weights the values of the copy. */
  void restore() {
    Torch.noGrad(() -> weights.forEach((name, weight) -> weight.copyInPlace(copies.get(name))));
  }

  @Override
  public void close() {
    copies.values().forEach(Tensor::close);
  }
}
