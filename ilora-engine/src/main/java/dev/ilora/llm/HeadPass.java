package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * A weighted cross-entropy over the whole vocabulary, {@code Σ_p -w_p · log softmax(E h_p)[y_p]},
 * forward and backward at once and by hand: in blocks of positions, so that the scores of one block
 * stay in the cache until they have become its gradients.
 *
 * <p>P positions, C width, V vocabulary.
 *
 * @param loss the sum
 * @param gradient of the hidden states, (P, C), of their type
 */
record HeadPass(double loss, Tensor gradient) {
  /** Scores of a block: 4 MB, or more where a product would be too flat. */
  private static final int BLOCK = 1 << 20;

  private static final int FEWEST = 128;

  /**
   * Adds the gradient of the head to it, if it is trained.
   *
   * @param hidden h, (P, C), without a graph
   * @param targets y, I64, (P)
   * @param weights w, F32, (P)
   */
  static HeadPass of(Tensor head, Tensor hidden, Tensor targets, Tensor weights) {
    return Torch.noGrad(
        () -> {
          long positions = hidden.size(0);
          long rows = Math.max(FEWEST, BLOCK / head.size(0));
          double loss = 0;
          List<Tensor> gradients = new ArrayList<>();
          for (long from = 0; from < positions; from += rows) {
            long to = Math.min(positions, from + rows);
            HeadPass block =
                block(
                    head,
                    hidden.slice(0, from, to),
                    targets.slice(0, from, to).unsqueeze(1),
                    weights.slice(0, from, to).unsqueeze(1));
            loss += block.loss();
            gradients.add(block.gradient());
          }
          return new HeadPass(loss, Tensor.cat(gradients, 0));
        });
  }

  private static HeadPass block(Tensor head, Tensor hidden, Tensor targets, Tensor weights) {
    try (var scope = Scope.open()) {
      Tensor scores = hidden.linear(head).to(DType.F32).logSoftmaxInPlace();
      double loss = -scores.gather(1, targets).mul(weights).sum().item();
      Tensor gradient = scores.expInPlace().mulInPlace(weights);
      gradient.scatterAddInPlace(1, targets, weights.mul(-1));
      Tensor typed = gradient.to(hidden.dtype());
      if (head.requiresGrad()) {
        head.addGrad(typed.transpose(0, 1).matmul(hidden));
      }
      return new HeadPass(loss, scope.keep(typed.matmul(head)));
    }
  }
}
