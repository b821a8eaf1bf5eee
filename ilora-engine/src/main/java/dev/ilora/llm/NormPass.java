package dev.ilora.llm;

import dev.ilora.tensor.Tensor;

/**
 * A root-mean-square norm, {@code y = x / rms(x) · w}, through a forward and a backward pass
 * written out by hand.
 *
 * <p>N tokens, C width.
 *
 * @param x (N, C)
 * @param weight w, (C)
 * @param inverse 1 / rms(x), (N, 1)
 */
record NormPass(Tensor x, Tensor weight, Tensor inverse) {

  static NormPass of(Tensor x, Tensor weight, double epsilon) {
    long width = x.size(1);
    Tensor norms = x.vectorNorm(-1, true);
    Tensor inverse = norms.mul(norms).mulInPlace(1.0 / width).add(epsilon).rsqrt();
    return new NormPass(x, weight, inverse.to(x.dtype()));
  }

  /** y, (N, C). */
  Tensor output() {
    return x.mul(inverse).mulInPlace(weight);
  }

  /**
   * Adds the gradient of x to a sum: {@code (g·w) / rms - x · mean(g·w·x) / rms³}; and that of w to
   * it, if it is trained.
   *
   * @param gradient of y, g, (N, C); overwritten
   * @param sum (N, C)
   */
  void backward(Tensor gradient, Tensor sum) {
    if (weight.requiresGrad()) {
      weight.addGrad(gradient.mul(x).mulInPlace(inverse).sum(0, false));
    }
    Tensor weighted = gradient.mulInPlace(weight);
    Tensor mean = weighted.mul(x).mean(-1, true);
    Tensor cubed = inverse.mul(inverse).mulInPlace(inverse);
    sum.addcmulInPlace(weighted, inverse, 1).addcmulInPlace(x, mean.mulInPlace(cubed), -1);
  }
}
