package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;

/**
 * What all layers of one pass need to attend, computed once.
 *
 * @param batch B
 * @param tokens T
 * @param rotation complex factors of the rotary positions, (T, 1, D/2) or (B, T, 1, D/2)
 * @param mask what to add to scores, (B or 1, 1, T, S), or null where attention is causal
 * @param cache where keys and values go, or null
 * @param keyColumns columns of keys that the tokens of this pass look at, S
 */
record AttentionPlan(
    int batch, int tokens, Tensor rotation, Tensor mask, KvCache cache, int keyColumns) {

  private AttentionPlan(int batch, int tokens, Tensor rotation, Tensor mask, KvCache cache) {
    this(batch, tokens, rotation, mask, cache, cache == null ? tokens : cache.columns() + tokens);
  }

  /**
   * The queries of some positions of each sequence, looking at the keys of this causal plan.
   *
   * @param positions I64, (B, P)
   */
  AttentionPlan queriesAt(LlamaConfig config, Tensor positions) {
    int each = (int) positions.size(1);
    Tensor allowed =
        positions.unsqueeze(2).ge(Tensor.arange(keyColumns, positions.device()).view(1, 1, -1));
    return new AttentionPlan(
        batch, each, rotation(config, positions), additive(allowed), cache, keyColumns);
  }

  static AttentionPlan of(
      Attention attention, LlamaConfig config, int batch, int tokens, Device device) {
    return switch (attention) {
      case Attention.Causal() ->
          new AttentionPlan(batch, tokens, counting(config, tokens, device), null, null);
      case Attention.Prefill(KvCache cache, int[] lengths) -> {
        requirePrefill(cache, lengths, batch, tokens);
        cache.reserve(tokens);
        cache.hidePadding(lengths);
        yield new AttentionPlan(batch, tokens, counting(config, tokens, device), null, cache);
      }
      case Attention.Masked(Tensor positions, Tensor allowed) -> {
        requireMask(allowed, batch, tokens);
        yield new AttentionPlan(
            batch,
            tokens,
            rotation(config, positions(positions, batch, tokens)),
            additive(allowed),
            null);
      }
      case Attention.Cached(KvCache cache, Tensor positions, Tensor allowed) -> {
        requireRows(cache, batch);
        cache.reserve(tokens);
        yield new AttentionPlan(
            batch,
            tokens,
            rotation(config, positions(positions, batch, tokens)),
            cachedMask(cache, allowed, batch, tokens, device),
            cache);
      }
    };
  }

  private static void requireRows(KvCache cache, int batch) {
    if (cache.sequences() != batch) {
      throw new IllegalArgumentException(
          "the cache holds %d sequences, the batch has %d".formatted(cache.sequences(), batch));
    }
  }

  private static void requirePrefill(KvCache cache, int[] lengths, int batch, int tokens) {
    requireRows(cache, batch);
    if (cache.columns() != 0) {
      throw new IllegalArgumentException(
          "the cache already holds %d columns: a prompt needs an empty one"
              .formatted(cache.columns()));
    }
    if (lengths.length != batch) {
      throw new IllegalArgumentException(
          "lengths: expected %d values, got %d".formatted(batch, lengths.length));
    }
    for (int row = 0; row < batch; row++) {
      if (lengths[row] < 1 || lengths[row] > tokens) {
        throw new IllegalArgumentException(
            "length of row %d: expected 1 to %d, got %d".formatted(row, tokens, lengths[row]));
      }
    }
  }

  private static void requireMask(Tensor allowed, int batch, int tokens) {
    allowed.requireShape(
        "mask of allowed tokens", allowed.size(0) == 1 ? 1 : batch, tokens, tokens);
  }

  private static Tensor positions(Tensor positions, int batch, int tokens) {
    return positions.dim() == 1
        ? positions.requireShape("positions", tokens)
        : positions.requireShape("positions", batch, tokens);
  }

  private static Tensor counting(LlamaConfig config, int tokens, Device device) {
    return rotation(config, Tensor.arange(tokens, device));
  }

  private static Tensor rotation(LlamaConfig config, Tensor positions) {
    float[] frequencies = config.ropeScaling().frequencies(config.headWidth(), config.ropeTheta());
    Tensor angles =
        positions
            .to(DType.F32)
            .unsqueeze(-1)
            .mul(Tensor.of(frequencies, frequencies.length).to(positions.device()));
    return Tensor.stack(java.util.List.of(angles.cos(), angles.sin()), -1)
        .viewAsComplex()
        .unsqueeze(-2);
  }

  private static Tensor additive(Tensor allowed) {
    return Tensor.zeros(DType.F32, allowed.device(), allowed.shape())
        .maskedFill(allowed.not(), KvCache.HIDDEN)
        .unsqueeze(1);
  }

  private static Tensor cachedMask(
      KvCache cache, Tensor allowed, int batch, int tokens, Device device) {
    int before = cache.columns();
    if (tokens == 1) {
      return cache.bias(before + 1);
    }
    Tensor among = allowed;
    if (allowed == null) {
      among = Tensor.ones(DType.BOOL, device, 1, tokens, tokens).tril(0);
    } else {
      requireMask(allowed, batch, tokens);
    }
    return Tensor.cat(
        java.util.List.of(
            cache.bias(before).expand(batch, 1, tokens, before),
            additive(among).expand(batch, 1, tokens, tokens)),
        3);
  }
}
