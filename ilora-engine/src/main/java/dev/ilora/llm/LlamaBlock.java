package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * One decoder layer: attention and a gated feed-forward layer, each behind a norm and added to what
 * came in. N = B·T tokens, C width.
 */
final class LlamaBlock {
  private final int index;
  private final LlamaConfig config;
  private final Tensor inputNorm;
  private final Tensor innerNorm;
  private final Map<Projection, Tensor> weights = new EnumMap<>(Projection.class);
  private final Map<Projection, Tensor> biases = new EnumMap<>(Projection.class);

  LlamaBlock(int index, LlamaConfig config, Map<String, Tensor> all) {
    this.index = index;
    this.config = config;
    String prefix = "model.layers." + index + ".";
    inputNorm = all.get(prefix + "input_layernorm.weight");
    innerNorm = all.get(prefix + "post_attention_layernorm.weight");
    for (Projection projection : Projection.values()) {
      weights.put(projection, all.get(prefix + projection.path() + ".weight"));
      Tensor bias = all.get(prefix + projection.path() + ".bias");
      if (bias != null) {
        biases.put(projection, bias);
      }
    }
  }

  int index() {
    return index;
  }

  LlamaConfig config() {
    return config;
  }

  Tensor inputNorm() {
    return inputNorm;
  }

  Tensor innerNorm() {
    return innerNorm;
  }

  Tensor weight(Projection projection) {
    return weights.get(projection);
  }

  /** Null where the projection has none. */
  Tensor bias(Projection projection) {
    return biases.get(projection);
  }

  /**
   * @param x (N, C)
   * @return (N, C)
   */
  Tensor forward(Tensor x, AttentionPlan plan, Adaptation adaptation) {
    Tensor h = Layers.rmsNorm(x, inputNorm, config.normEpsilon());
    Tensor read = readByAttention(h, adaptation);
    Tensor queries = project(Projection.Q_PROJ, h, read, adaptation);
    Tensor attended = attend(queries, h, read, plan, plan, adaptation);
    return feedForward(residual(x, attended, Projection.O_PROJ, adaptation), adaptation);
  }

  /**
   * The same for some positions: only keys and values are computed for all.
   *
   * @param x (N, C)
   * @return (P, C)
   */
  Tensor forwardAt(Tensor x, AttentionPlan plan, Adaptation adaptation, Selection selection) {
    Tensor h = Layers.rmsNorm(x, inputNorm, config.normEpsilon());
    Tensor read = readByAttention(h, adaptation);
    Tensor asking = h.indexSelect(0, selection.padded());
    Tensor askingRead = read == h ? asking : read.indexSelect(0, selection.padded());
    Adaptation askers =
        selection.paddedRows() == null ? adaptation : adaptation.rows(selection.paddedRows());
    Tensor queries = project(Projection.Q_PROJ, asking, askingRead, askers);
    Tensor attended = attend(queries, h, read, plan, selection.plan(), adaptation);
    Adaptation own = adaptation.rows(selection.rows());
    Tensor kept = attended.indexSelect(0, selection.order());
    Tensor from = x.indexSelect(0, selection.positions());
    return feedForward(residual(from, kept, Projection.O_PROJ, own), own);
  }

  private static Tensor readByAttention(Tensor h, Adaptation adaptation) {
    return adaptation.input(h, Projection.Q_PROJ, Projection.K_PROJ, Projection.V_PROJ);
  }

  private Tensor attend(
      Tensor queries,
      Tensor h,
      Tensor read,
      AttentionPlan plan,
      AttentionPlan asking,
      Adaptation adaptation) {
    return SelfAttention.attend(
        config,
        index,
        plan,
        asking,
        queries,
        project(Projection.K_PROJ, h, read, adaptation),
        project(Projection.V_PROJ, h, read, adaptation));
  }

  private Tensor feedForward(Tensor x, Adaptation adaptation) {
    Tensor h = Layers.rmsNorm(x, innerNorm, config.normEpsilon());
    Tensor read = adaptation.input(h, Projection.GATE_PROJ, Projection.UP_PROJ);
    Tensor gate = project(Projection.GATE_PROJ, h, read, adaptation);
    Tensor up = project(Projection.UP_PROJ, h, read, adaptation);
    return residual(x, gate.silu().mul(up), Projection.DOWN_PROJ, adaptation);
  }

  private Tensor project(Projection projection, Tensor h, Tensor read, Adaptation adaptation) {
    Tensor output = h.linear(weights.get(projection), biases.get(projection));
    return adaptation.add(index, projection, output, read);
  }

  /** {@code x + projection(h)} in one product. */
  private Tensor residual(Tensor x, Tensor h, Projection projection, Adaptation adaptation) {
    Tensor sum = x.addmm(h, weights.get(projection).transpose(0, 1));
    Tensor bias = biases.get(projection);
    return adaptation.add(
        index, projection, bias == null ? sum : sum.add(bias), adaptation.input(h, projection));
  }
}
