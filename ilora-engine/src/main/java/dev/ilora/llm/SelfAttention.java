package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;

/**
 * Attention of one layer over projected queries, keys and values.
 *
 * <p>N = B·T tokens, H heads, G key/value heads, D head width. Rotary positions multiply pairs of
 * elements as complex numbers; pairs then stand side by side instead of half a head apart, in
 * queries and keys alike, which leaves their products unchanged.
 */
final class SelfAttention {
  private SelfAttention() {}

  /**
   * @param plan of the keys and values
   * @param asking of the queries: the same, or {@link AttentionPlan#queriesAt} of it
   * @param queries (M, H·D), M = B·P, or the real ones of a packed plan
   * @param keys (N, G·D)
   * @param values (N, G·D)
   * @param learned what stands in place of the first columns, or null
   * @return (M, H·D), of the queries' type
   */
  static Tensor attend(
      LlamaConfig config,
      int layer,
      AttentionPlan plan,
      AttentionPlan asking,
      Tensor queries,
      Tensor keys,
      Tensor values,
      LearnedColumns learned) {
    DType type = computedIn(queries);
    int groups = config.keyValueHeads();
    Tensor q = rotated(asking.laidOut(queries), config.heads(), asking, layer, config).to(type);
    Tensor k = rotated(plan.laidOut(keys), groups, plan, layer, config).to(type);
    Tensor v = split(plan.laidOut(values), groups, plan, config).to(type);
    if (learned != null) {
      int first = plan.cache() == null ? 0 : plan.cache().columns();
      k = learned.amongKeys(k, first);
      v = learned.amongValues(v, first);
    }
    if (plan.cache() != null) {
      plan.cache().put(layer, k.transpose(1, 2), v.transpose(1, 2));
    }
    Tensor attended =
        asking.look(layer).mask() == null
            ? causal(config, q, k, v)
            : masked(config, layer, asking, q, k, v);
    return asking.packed(attended.reshape(-1, queries.size(1))).to(queries.dtype());
  }

  /** Fused attention is many times slower in BF16 than in F32 on CPUs. */
  static DType computedIn(Tensor tensor) {
    return tensor.device().equals(Device.CPU) ? DType.F32 : tensor.dtype();
  }

  private static Tensor split(Tensor flat, int heads, AttentionPlan plan, LlamaConfig config) {
    return flat.view(plan.batch(), plan.tokens(), heads, config.headWidth());
  }

  private static Tensor rotated(
      Tensor flat, int heads, AttentionPlan plan, int layer, LlamaConfig config) {
    return plan.look(layer)
        .paired(flat)
        .to(DType.F32)
        .view(plan.batch(), plan.tokens(), heads, 2, config.headWidth() / 2)
        .transpose(3, 4)
        .contiguous()
        .viewAsComplex()
        .mul(plan.look(layer).rotation())
        .viewAsReal()
        .view(plan.batch(), plan.tokens(), heads, config.headWidth());
  }

  /** (B, T, H, D) over (B, T, G, D), to (B, T, H, D). */
  private static Tensor causal(LlamaConfig config, Tensor q, Tensor k, Tensor v) {
    int shared = config.heads() / config.keyValueHeads();
    double scale = config.form().scales().scores();
    Tensor keys = repeated(k, shared).transpose(1, 2);
    Tensor values = repeated(v, shared).transpose(1, 2);
    return Layers.scaledDotProductAttention(q.transpose(1, 2), keys, values, null, true, scale)
        .transpose(1, 2);
  }

  private static Tensor repeated(Tensor heads, int times) {
    if (times == 1) {
      return heads;
    }
    long[] shape = heads.shape();
    return heads
        .unsqueeze(3)
        .expand(shape[0], shape[1], shape[2], times, shape[3])
        .reshape(shape[0], shape[1], shape[2] * times, shape[3]);
  }

  /**
   * The queries that share a key/value head are laid one after the other, as if they were more
   * tokens: no key or value is copied.
   */
  private static Tensor masked(
      LlamaConfig config, int layer, AttentionPlan plan, Tensor q, Tensor k, Tensor v) {
    long batch = plan.batch();
    long tokens = plan.tokens();
    long groups = config.keyValueHeads();
    long shared = config.heads() / groups;
    long width = config.headWidth();
    int columns = plan.keyColumns();
    boolean cached = plan.cache() != null;
    Tensor keys = cached ? plan.cache().keys(layer, columns) : k.transpose(1, 2);
    Tensor values = cached ? plan.cache().values(layer, columns) : v.transpose(1, 2);
    Tensor stacked =
        q.view(batch, tokens, groups, shared, width)
            .permute(0, 2, 3, 1, 4)
            .reshape(batch, groups, shared * tokens, width);
    Tensor mask = plan.look(layer).mask();
    double scale = config.form().scales().scores();
    if (shared > 1 && tokens > 1) {
      long rows = mask.size(0);
      mask =
          mask.unsqueeze(2)
              .expand(rows, 1, shared, tokens, columns)
              .reshape(rows, 1, shared * tokens, columns);
    }
    return Layers.scaledDotProductAttention(stacked, keys, values, mask.to(q.dtype()), false, scale)
        .view(batch, groups, shared, tokens, width)
        .permute(0, 3, 1, 2, 4);
  }
}
