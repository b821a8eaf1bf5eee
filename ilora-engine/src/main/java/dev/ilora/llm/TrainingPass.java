package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * One forward and backward pass of a model with adapters, causal, whose result is wanted at some
 * positions: what {@link Llama#hiddenAt} and its graph give, faster and in less memory. Layers are
 * passed back through by hand; but where few positions are wanted, most of the last layer is left
 * out and the rest of it has a graph.
 *
 * <p>B sequences, T tokens, N real ones in all, C width, P positions.
 */
public final class TrainingPass {
  private final Llama llama;
  private final Tensor embeddings;
  private final AttentionPlan plan;
  private final Adaptation adaptation;
  private final Adaptation leaf;
  private final List<LayerPass> passes = new ArrayList<>();
  private final Tensor last;
  private final Tensor hidden;

  TrainingPass(
      Llama llama,
      List<LlamaBlock> blocks,
      Tensor embeddings,
      Attention.Causal attention,
      Adaptation adaptation,
      Tensor positions,
      boolean checkpoint) {
    this.llama = llama;
    this.embeddings = embeddings;
    LlamaConfig config = llama.config();
    int batch = (int) embeddings.size(0);
    int tokens = (int) embeddings.size(1);
    plan = AttentionPlan.of(attention, config, batch, tokens, llama.device(), llama.dtype());
    Adaptation whose = adaptation.over(llama.frozenWeights());
    this.adaptation = plan.packing() == null ? whose : whose.rows(plan.packing().rows());
    leaf = this.adaptation.leaf();
    boolean everywhere = 2 * positions.size(0) > plan.count();
    List<LlamaBlock> byHand = everywhere ? blocks : blocks.subList(0, blocks.size() - 1);
    last =
        Torch.noGrad(
            () -> {
              Tensor flat = embeddings.detach().reshape((long) batch * tokens, config.hiddenSize());
              Tensor x = plan.packed(flat).to(llama.dtype());
              for (LlamaBlock block : byHand) {
                LayerPass pass = new LayerPass(block, x, plan, leaf);
                passes.add(pass);
                x = pass.forward(!checkpoint);
              }
              return x.detach();
            });
    last.requiresGrad(embeddings.requiresGrad() || !passes.isEmpty());
    Tensor places = positions.to(llama.device());
    hidden =
        llama.normed(
            everywhere
                ? last.indexSelect(0, plan.tokensAt(places))
                : blocks.getLast().forwardAt(last, plan, leaf, Selection.of(places, plan)));
  }

  /** The final norm's output at the positions, (P, C), with a graph. */
  Tensor hidden() {
    return hidden;
  }

  /**
   * Adds the gradients of a weighted cross-entropy of the next tokens to the adapters, to trained
   * weights and to everything the embeddings and the expert weights were made from. To be called
   * once.
   *
   * @param targets the token that should follow each position, I64, (P)
   * @param weights how much each counts, F32, (P)
   * @return the sum over positions, in nats
   */
  public double backward(Tensor targets, Tensor weights) {
    return backward(targets, weights, (_, _, _) -> 0);
  }

  /** A loss of the final hidden states that is added to the cross-entropy. */
  @FunctionalInterface
  public interface AddedLoss {
    /**
     * Adds the gradient of the head to it, if it is trained, and that of the hidden states to
     * theirs.
     *
     * @param head of the model, (V, C)
     * @param hidden (P, C), without a graph
     * @param gradient of the hidden states, (P, C), added to in place
     * @return the loss, in nats
     */
    double backward(Tensor head, Tensor hidden, Tensor gradient);
  }

  /** As {@link #backward(Tensor, Tensor)}, with another loss added. */
  public double backward(Tensor targets, Tensor weights, AddedLoss added) {
    double loss;
    Tensor gradient;
    try (var scope = Scope.open()) {
      Tensor head = llama.head().use();
      HeadPass pass = HeadPass.of(head, hidden.detach(), targets, weights);
      gradient = scope.keep(pass.gradient());
      loss = pass.loss() + added.backward(head, hidden.detach(), gradient);
    }
    backward(gradient);
    return loss;
  }

  /**
   * Goes on with a backward pass that has come to {@link #hidden}. To be called once.
   *
   * @param hiddenGradient (P, C)
   */
  void backward(Tensor hiddenGradient) {
    hidden.backward(hiddenGradient);
    Tensor gradient = last.requiresGrad() ? last.grad() : null;
    if (gradient != null) {
      gradient = backwardLayers(gradient);
    }
    if (gradient != null && embeddings.requiresGrad()) {
      Tensor spread = plan.spread(gradient.to(embeddings.dtype()));
      embeddings.backward(spread.view(embeddings.shape()));
    }
    adaptation.backwardFrom(leaf);
  }

  private Tensor backwardLayers(Tensor gradient) {
    return Torch.noGrad(
        () -> {
          Tensor own = gradient;
          for (int layer = passes.size() - 1; layer >= 0; layer--) {
            own = passes.get(layer).backward(own, layer > 0 || embeddings.requiresGrad());
          }
          return own;
        });
  }
}
