package dev.ilora.llm;

import dev.ilora.llm.Looks.Look;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;

/**
 * What all layers of one pass need to attend, computed once.
 *
 * @param batch B
 * @param tokens T
 * @param looks what each layer's tokens see
 * @param causal whether token t of a sequence stands at position t and sees nothing behind it
 * @param cache where keys and values go, or null
 * @param keyColumns columns of keys that the tokens of this pass look at, S
 * @param packing how tokens without padding are laid out, or null where padding is kept
 */
record AttentionPlan(
    int batch,
    int tokens,
    Looks looks,
    boolean causal,
    KvCache cache,
    int keyColumns,
    Packing packing) {
  private AttentionPlan(
      int batch, int tokens, Looks looks, boolean causal, KvCache cache, Packing packing) {
    this(
        batch,
        tokens,
        looks,
        causal,
        cache,
        cache == null ? tokens : cache.columns() + tokens,
        packing);
  }

  Look look(int layer) {
    return looks.of(layer);
  }

  /** Whether each sequence goes on by one token. */
  boolean decodes() {
    return cache != null && tokens == 1;
  }

  /** The same with padding. */
  AttentionPlan padded() {
    return new AttentionPlan(batch, tokens, looks, causal, cache, keyColumns, null);
  }

  /** Tokens of this pass, without padding where it is left out. */
  long count() {
    return packing == null ? (long) batch * tokens : packing.real().size(0);
  }

  /** The tokens at flat places b·T + t. */
  Tensor tokensAt(Tensor places) {
    return packing == null ? places : packing.tokens().indexSelect(0, places);
  }

  /** Tokens as places of B sequences, (B·T, ...). */
  Tensor laidOut(Tensor tokens) {
    return packing == null ? tokens : tokens.indexSelect(0, packing.tokens());
  }

  /** As {@link #laidOut}, zero where padded. */
  Tensor spread(Tensor tokens) {
    if (packing == null) {
      return tokens;
    }
    long places = (long) batch * this.tokens;
    return Tensor.zeros(tokens.dtype(), tokens.device(), places, tokens.size(1))
        .indexCopy(0, packing.real(), tokens);
  }

  /** The opposite of {@link #laidOut}. */
  Tensor packed(Tensor places) {
    return packing == null ? places : places.indexSelect(0, packing.real());
  }

  /**
   * The queries of some positions of each sequence, looking at the keys of this causal plan.
   *
   * @param positions I64, (B, P)
   */
  AttentionPlan queriesAt(Tensor positions) {
    int each = (int) positions.size(1);
    return new AttentionPlan(batch, each, looks.at(positions), false, cache, keyColumns, null);
  }

  static AttentionPlan of(
      Attention attention, LlamaConfig config, int batch, int tokens, Device device, DType dtype) {
    // Products in BF16 are compiled for every new shape: shapes must come back.
    boolean rounded = dtype == DType.BF16 && device.equals(Device.CPU);
    return switch (attention) {
      case Attention.Causal(int[] lengths) -> {
        if (lengths != null) {
          requireLengths(lengths, 1, batch, tokens);
        }
        yield new AttentionPlan(
            batch,
            tokens,
            counting(config, lengths, batch, tokens, device),
            true,
            null,
            lengths == null ? null : Packing.of(lengths, tokens, rounded, device));
      }
      case Attention.Prefill(KvCache cache, int[] lengths) -> {
        requirePrefill(cache, lengths, batch, tokens);
        cache.reserve(Tensor.arange(tokens, device));
        cache.hidePadding(lengths);
        yield new AttentionPlan(
            batch,
            tokens,
            counting(config, lengths, batch, tokens, device),
            true,
            cache,
            Packing.of(lengths, tokens, rounded, device));
      }
      case Attention.Masked(Tensor positions, Tensor allowed) -> {
        requireMask(allowed, batch, tokens);
        Tensor at = positions(positions, batch, tokens);
        int[] lengths = SequenceLengths.masked(config, at, batch);
        Looks looks = new Looks(config, at, at, lengths, Looks.additive(allowed));
        yield new AttentionPlan(batch, tokens, looks, false, null, null);
      }
      case Attention.Cached(KvCache cache, Tensor positions, Tensor allowed, int[] lengths) -> {
        requireRows(cache, batch);
        if (lengths != null) {
          requireLengths(lengths, 0, batch, tokens);
        }
        Tensor at = positions(positions, batch, tokens);
        int[] whole = SequenceLengths.cached(config, at, lengths, batch);
        cache.reserve(at);
        Tensor mask = cachedMask(cache, allowed, batch, tokens, device);
        Tensor keys = cache.positions(cache.columns() + tokens);
        yield new AttentionPlan(
            batch,
            tokens,
            new Looks(config, at, keys, whole, mask),
            false,
            cache,
            lengths == null ? null : Packing.of(lengths, tokens, rounded, device));
      }
    };
  }

  /** Looks of tokens that stand at 0, 1, 2 and so on. */
  private static Looks counting(
      LlamaConfig config, int[] lengths, int batch, int tokens, Device device) {
    Tensor positions = Tensor.arange(tokens, device);
    int[] whole = SequenceLengths.causal(config, lengths, batch, tokens);
    return new Looks(config, positions, positions, whole, null);
  }

  private static void requireRows(KvCache cache, int batch) {
    if (cache.sequences() != batch) {
      throw new IllegalArgumentException(
          "the cache holds %s sequences, the batch has %s".formatted(cache.sequences(), batch));
    }
  }

  private static void requirePrefill(KvCache cache, int[] lengths, int batch, int tokens) {
    requireRows(cache, batch);
    if (cache.columns() != 0) {
      throw new IllegalArgumentException(
          "the cache already holds %s columns: a prompt needs an empty one"
              .formatted(cache.columns()));
    }
    requireLengths(lengths, 1, batch, tokens);
  }

  private static void requireLengths(int[] lengths, int least, int batch, int tokens) {
    if (lengths.length != batch) {
      throw new IllegalArgumentException(
          "lengths: expected %s values, got %s".formatted(batch, lengths.length));
    }
    for (int row = 0; row < batch; row++) {
      if (lengths[row] < least || lengths[row] > tokens) {
        throw new IllegalArgumentException(
            "length of row %s: expected %s to %s, got %s"
                .formatted(row, least, tokens, lengths[row]));
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
            Looks.additive(among).expand(batch, 1, tokens, tokens)),
        3);
  }
}
