package dev.ilora.llm;

import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A root-mean-square norm, {@code y = x / rms(x) · g}, through a forward and a backward pass
 * written out by hand. Where nothing is normed, y is x.
 *
 * <p>N rows, W elements of the norm.
 *
 * @param x (N, W), or with a multiple of W elements a row
 * @param norm of it
 * @param gain g, (W), or null where nothing is normed
 * @param inverse 1 / rms(x), (N, 1), or null where nothing is normed
 */
record NormPass(Tensor x, Norm norm, Tensor gain, Tensor inverse) {

  static NormPass of(Tensor x, Norm norm) {
    if (norm.isAbsent()) {
      return new NormPass(x, norm, null, null);
    }
    Tensor rows = norm.rows(x);
    Tensor norms = rows.vectorNorm(-1, true);
    Tensor inverse = norms.mul(norms).mulInPlace(1.0 / rows.size(1)).add(norm.epsilon()).rsqrt();
    return new NormPass(x, norm, norm.gain(), inverse.to(x.dtype()));
  }

  /** y, of the shape of x; x itself where nothing is normed. */
  Tensor output() {
    return norm.isAbsent() ? x : norm.shaped(norm.rows(x).mul(inverse).mulInPlace(gain), x);
  }

  /** What must outlive the scope of the forward pass, besides x. */
  List<Tensor> neededWithOutput(Tensor output) {
    return norm.isAbsent() ? List.of() : withGain(inverse, output);
  }

  /** The same with x, of which nothing else is left, and without the output. */
  List<Tensor> neededWithInput() {
    return norm.isAbsent() ? List.of() : withGain(inverse, x);
  }

  private List<Tensor> withGain(Tensor... tensors) {
    List<Tensor> all = new ArrayList<>(List.of(tensors));
    if (norm.zeroCentred()) {
      all.add(gain);
    }
    return all;
  }

  /**
   * Adds the gradient of x to a sum: {@code (d·g) / rms - x · mean(d·g·x) / rms³}, d the gradient
   * of y; and that of the weight to it, if it is trained.
   *
   * @param gradient of y, d, in the shape of x; overwritten
   * @param sum in the shape of x
   */
  void backward(Tensor gradient, Tensor sum) {
    if (norm.isAbsent()) {
      sum.addInPlace(gradient, 1);
      return;
    }
    Tensor own = norm.rows(gradient);
    Tensor rows = norm.rows(x);
    Tensor weight = norm.weight();
    if (weight.requiresGrad()) {
      weight.addGrad(own.mul(rows).mulInPlace(inverse).sum(0, false));
    }
    Tensor weighted = own.mulInPlace(gain);
    Tensor mean = weighted.mul(rows).mean(-1, true);
    Tensor cubed = inverse.mul(inverse).mulInPlace(inverse);
    norm.rows(sum)
        .addcmulInPlace(weighted, inverse, 1)
        .addcmulInPlace(rows, mean.mulInPlace(cubed), -1);
  }

  /**
   * As {@link #backward}, by itself.
   *
   * @return the gradient of x; the given one where nothing is normed
   */
  Tensor backward(Tensor gradient) {
    if (norm.isAbsent()) {
      return gradient;
    }
    Tensor own = Tensor.zeros(gradient.dtype(), gradient.device(), gradient.shape());
    backward(gradient, own);
    return own;
  }
}
