package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;

/**
 * A root-mean-square norm over as many elements as its weight has: the residual stream, one head,
 * or all heads.
 *
 * @param weight (W), or null where nothing is normed
 * @param zeroCentred whether values are multiplied by one plus the weight
 * @param epsilon added to the mean square
 */
record Norm(Tensor weight, boolean zeroCentred, double epsilon) {

  boolean isAbsent() {
    return weight == null;
  }

  /**
   * @param x (N, W), or with a multiple of W elements a row
   * @return the same shape; x itself where nothing is normed
   */
  Tensor of(Tensor x) {
    if (weight == null) {
      return x;
    }
    Tensor rows = zeroCentred ? rows(x).to(DType.F32) : rows(x);
    return shaped(Layers.rmsNorm(rows, gain(), epsilon).to(x.dtype()), x);
  }

  /** (N, k·W) to (N·k, W). */
  Tensor rows(Tensor x) {
    long width = weight.size(0);
    return x.size(-1) == width ? x : x.view(-1, width);
  }

  /** The opposite of {@link #rows}, in the shape of another. */
  Tensor shaped(Tensor rows, Tensor like) {
    return like.size(-1) == rows.size(-1) ? rows : rows.view(like.shape());
  }

  /**
   * What values are multiplied by, (W). One plus a weight of 16 bits needs more of them: published
   * models that are zero-centred compute it in 32.
   */
  Tensor gain() {
    return zeroCentred ? weight.to(DType.F32).add(1) : weight;
  }
}
