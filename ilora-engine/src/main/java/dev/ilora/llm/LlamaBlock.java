package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.DecoderForm.Norms;
import dev.ilora.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * One decoder layer: attention and a gated feed-forward layer, each a branch that is added to what
 * came in. {@link DecoderForm} says which norms stand where. N = B·T tokens, C width.
 */
final class LlamaBlock {
  private static final Map<Projection, String> HEAD_NORMS =
      Map.of(Projection.Q_PROJ, "q_norm", Projection.K_PROJ, "k_norm");

  private final int index;
  private final LlamaConfig config;
  private final Norm attentionNorm;
  private final BranchEnd attentionEnd;
  private final Norm feedForwardNorm;
  private final BranchEnd feedForwardEnd;
  private final Map<Projection, Norm> headNorms = new EnumMap<>(Projection.class);
  private final Map<Projection, Weight> weights = new EnumMap<>(Projection.class);
  private final Map<Projection, Tensor> biases = new EnumMap<>(Projection.class);

  LlamaBlock(int index, LlamaConfig config, Map<String, Weight> all) {
    this.index = index;
    this.config = config;
    String prefix = "model.layers." + index + ".";
    Norms norms = config.form().norms();
    double scale = config.form().scales().branches();
    attentionNorm = norm(all, prefix, norms.beforeAttention());
    attentionEnd = new BranchEnd(norm(all, prefix, norms.afterAttention()), scale);
    feedForwardNorm = norm(all, prefix, norms.beforeFeedForward());
    feedForwardEnd = new BranchEnd(norm(all, prefix, norms.afterFeedForward()), scale);
    HEAD_NORMS.forEach(
        (projection, name) -> headNorms.put(projection, norm(all, prefix + "self_attn.", name)));
    for (Projection projection : Projection.values()) {
      weights.put(projection, all.get(prefix + projection.path() + ".weight"));
      Weight bias = all.get(prefix + projection.path() + ".bias");
      if (bias != null) {
        biases.put(projection, bias.use());
      }
    }
  }

  private Norm norm(Map<String, Weight> all, String prefix, String name) {
    boolean zeroCentred = config.form().zeroCentredNorms();
    Weight weight = all.get(prefix + name + ".weight");
    return new Norm(weight == null ? null : weight.use(), zeroCentred, config.normEpsilon());
  }

  int index() {
    return index;
  }

  LlamaConfig config() {
    return config;
  }

  Norm attentionNorm() {
    return attentionNorm;
  }

  BranchEnd attentionEnd() {
    return attentionEnd;
  }

  Norm feedForwardNorm() {
    return feedForwardNorm;
  }

  BranchEnd feedForwardEnd() {
    return feedForwardEnd;
  }

  /** Of queries or keys. */
  Norm headNorm(Projection projection) {
    return headNorms.get(projection);
  }

  Weight weight(Projection projection) {
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
    Tensor h = attentionNorm.of(x);
    Tensor read = readByAttention(h, adaptation);
    Tensor queries = normed(Projection.Q_PROJ, h, read, adaptation);
    Tensor attended = attend(queries, h, read, plan, plan, adaptation);
    return feedForward(join(attentionEnd, x, attended, Projection.O_PROJ, adaptation), adaptation);
  }

  /**
   * The same for some positions: only keys and values are computed for all.
   *
   * @param x (N, C)
   * @return (P, C)
   */
  Tensor forwardAt(Tensor x, AttentionPlan plan, Adaptation adaptation, Selection selection) {
    Tensor h = attentionNorm.of(x);
    Tensor read = readByAttention(h, adaptation);
    Tensor asking = h.indexSelect(0, selection.padded());
    Tensor askingRead = read == h ? asking : read.indexSelect(0, selection.padded());
    Adaptation askers =
        selection.paddedRows() == null ? adaptation : adaptation.rows(selection.paddedRows());
    Tensor queries = normed(Projection.Q_PROJ, asking, askingRead, askers);
    Tensor attended = attend(queries, h, read, plan, selection.plan(), adaptation);
    Adaptation own = adaptation.rows(selection.rows());
    Tensor kept = attended.indexSelect(0, selection.order());
    Tensor from = x.indexSelect(0, selection.positions());
    return feedForward(join(attentionEnd, from, kept, Projection.O_PROJ, own), own);
  }

  private Tensor readByAttention(Tensor h, Adaptation adaptation) {
    return adaptation.input(index, h, Projection.Q_PROJ, Projection.K_PROJ, Projection.V_PROJ);
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
        normed(Projection.K_PROJ, h, read, adaptation),
        project(Projection.V_PROJ, h, read, adaptation),
        LearnedColumns.of(adaptation.prefix(index), plan.look(index), config));
  }

  private Tensor feedForward(Tensor x, Adaptation adaptation) {
    Tensor h = feedForwardNorm.of(x);
    Tensor read = adaptation.input(index, h, Projection.GATE_PROJ, Projection.UP_PROJ);
    Tensor gate = project(Projection.GATE_PROJ, h, read, adaptation);
    Tensor up = project(Projection.UP_PROJ, h, read, adaptation);
    Tensor opened = config.form().activation().of(gate).mul(up);
    return join(feedForwardEnd, x, opened, Projection.DOWN_PROJ, adaptation);
  }

  /** Queries or keys. */
  private Tensor normed(Projection projection, Tensor h, Tensor read, Adaptation adaptation) {
    return headNorms.get(projection).of(project(projection, h, read, adaptation));
  }

  private Tensor project(Projection projection, Tensor h, Tensor read, Adaptation adaptation) {
    Tensor bias = biases.get(projection);
    if (adaptation.rescales(index, projection)) {
      Tensor product = weights.get(projection).linear(h, null);
      Tensor adapted = adaptation.add(index, projection, product, read);
      return bias == null ? adapted : adapted.add(bias);
    }
    Tensor output = weights.get(projection).linear(h, bias);
    return adaptation.add(index, projection, output, read);
  }

  /** Adds the result of a branch, {@code projection(h)}, to x. */
  private Tensor join(
      BranchEnd end, Tensor x, Tensor h, Projection projection, Adaptation adaptation) {
    if (end.isPlain()) {
      return residual(x, h, projection, adaptation);
    }
    Tensor result = project(projection, h, adaptation.input(index, h, projection), adaptation);
    return end.join(x, end.norm().of(result));
  }

  /** {@code x + projection(h)} in one product. */
  private Tensor residual(Tensor x, Tensor h, Projection projection, Adaptation adaptation) {
    if (adaptation.rescales(index, projection)) {
      return x.add(project(projection, h, adaptation.input(index, h, projection), adaptation));
    }
    Tensor sum = weights.get(projection).addTo(x, h);
    Tensor bias = biases.get(projection);
    return adaptation.add(
        index,
        projection,
        bias == null ? sum : sum.add(bias),
        adaptation.input(index, h, projection));
  }
}
