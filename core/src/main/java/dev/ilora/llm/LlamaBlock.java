package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Projection;
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

  /**
   * @param x (N, C)
   * @param selected flat positions to compute the result for, I64 (P), or null for all
   * @return (N, C), or (P, C)
   */
  Tensor forward(Tensor x, AttentionPlan plan, Adaptation adaptation, Tensor selected) {
    Tensor attended = attended(x, plan, adaptation);
    if (selected == null) {
      return feedForward(residual(x, attended, Projection.O_PROJ, adaptation), adaptation);
    }
    Adaptation own = adaptation.rows(selected.floorDivide(plan.tokens()));
    Tensor kept = attended.indexSelect(0, selected);
    return feedForward(residual(x.indexSelect(0, selected), kept, Projection.O_PROJ, own), own);
  }

  private Tensor attended(Tensor x, AttentionPlan plan, Adaptation adaptation) {
    Tensor h = x.rmsNorm(inputNorm, config.normEpsilon());
    Tensor read = adaptation.input(h, Projection.Q_PROJ, Projection.K_PROJ, Projection.V_PROJ);
    return SelfAttention.attend(
        config,
        index,
        plan,
        project(Projection.Q_PROJ, h, read, adaptation),
        project(Projection.K_PROJ, h, read, adaptation),
        project(Projection.V_PROJ, h, read, adaptation));
  }

  private Tensor feedForward(Tensor x, Adaptation adaptation) {
    Tensor h = x.rmsNorm(innerNorm, config.normEpsilon());
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
    Tensor sum = x.addMatmul(h, weights.get(projection).transpose(0, 1));
    Tensor bias = biases.get(projection);
    return adaptation.add(
        index, projection, bias == null ? sum : sum.add(bias), adaptation.input(h, projection));
  }
}
