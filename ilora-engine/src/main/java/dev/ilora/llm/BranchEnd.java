package dev.ilora.llm;

import dev.ilora.tensor.Tensor;

/**
 * How the result of a branch joins what came into it.
 *
 * @param norm of the result
 * @param scale of what is added
 */
record BranchEnd(Norm norm, double scale) {

  /** Whether the result is added as it is, so that the sum and the last product are one. */
  boolean isPlain() {
    return norm.isAbsent() && scale == 1;
  }

  /** {@code to + scale · normed}. */
  Tensor join(Tensor to, Tensor normed) {
    return (scale == 1 ? normed : normed.mul(scale)).add(to);
  }

  /** Gradient of the normed result from that of the sum, in memory of its own. */
  Tensor backward(Tensor gradient) {
    return gradient.mul(scale);
  }
}
