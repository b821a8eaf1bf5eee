package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * One forward and backward pass of a frozen model with adapters, causal, whose result is wanted at
 * some positions: what {@link Llama#hiddenAt} and its graph give, faster and in less memory. All
 * layers but the last are passed back through by hand.
 *
 * <p>B sequences, T tokens, N real ones in all, C width, P positions.
 */
public final class TrainingPass {
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
    this.embeddings = embeddings;
    LlamaConfig config = llama.config();
    int batch = (int) embeddings.size(0);
    int tokens = (int) embeddings.size(1);
    plan = AttentionPlan.of(attention, config, batch, tokens, llama.device());
    this.adaptation = plan.packing() == null ? adaptation : adaptation.rows(plan.packing().rows());
    leaf = this.adaptation.leaf();
    last =
        Torch.noGrad(
            () -> {
              Tensor flat = embeddings.detach().reshape((long) batch * tokens, config.hiddenSize());
              Tensor x = plan.packed(flat).to(llama.dtype());
              for (LlamaBlock block : blocks.subList(0, blocks.size() - 1)) {
                LayerPass pass = new LayerPass(block, x, plan, leaf);
                passes.add(pass);
                x = pass.forward(!checkpoint);
              }
              return x.detach();
            });
    last.requiresGrad(embeddings.requiresGrad() || !passes.isEmpty());
    Selection selection = Selection.of(positions.to(llama.device()), config, plan);
    hidden = llama.normed(blocks.getLast().forwardAt(last, plan, leaf, selection));
  }

  /** The final norm's output at the positions, (P, C), with a graph. */
  public Tensor hidden() {
    return hidden;
  }

  /**
   * Adds the gradients of a loss to the adapters and to everything the embeddings and the expert
   * weights were made from. To be called once.
   *
   * @param loss made from {@link #hidden}
   */
  public void backward(Tensor loss) {
    loss.backward();
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
