package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where the tokens of a pass stand, and what each layer makes of it: computed once for each kind of
 * layer.
 *
 * <p>B sequences, T tokens, S keys, D head width.
 */
final class Looks {
  private final LlamaConfig config;
  private final Tensor positions;
  private final Tensor keyPositions;
  private final int[] lengths;
  private final Tensor mask;
  private final List<Look> looks;

  /**
   * What one layer needs to know.
   *
   * @param rotation complex factors of the rotary positions, (T, 1, D/2) or (B, T, 1, D/2)
   * @param pairs the order in which elements of a head form pairs half a head apart, I64, (D), or
   *     null where they do
   * @param unpaired the order that undoes it, or null
   * @param mask what to add to scores, (B or 1, 1, T, S), or null where attention is causal and no
   *     window ends in sight
   */
  record Look(Tensor rotation, Tensor pairs, Tensor unpaired, Tensor mask) {

    /** Puts elements of heads that are turned together half a head apart, (..., k·D). */
    Tensor paired(Tensor heads) {
      return pairs == null ? heads : ordered(heads, pairs);
    }

    /** The opposite of {@link #paired}. */
    Tensor unpaired(Tensor heads) {
      return pairs == null ? heads : ordered(heads, unpaired);
    }

    private static Tensor ordered(Tensor heads, Tensor order) {
      return heads.reshape(-1, order.size(0)).indexSelect(1, order).view(heads.shape());
    }
  }

  /**
   * @param positions of the tokens, I64, (T) or (B, T)
   * @param keyPositions of the keys they may see, I64, (S) or (B, S)
   * @param lengths of the whole sequences, B values; null where none of the angles depends on it
   * @param mask what to add to scores without windows, (B or 1, 1, T, S), or null where tokens see
   *     all keys that do not stand behind them
   */
  Looks(LlamaConfig config, Tensor positions, Tensor keyPositions, int[] lengths, Tensor mask) {
    this.config = config;
    this.positions = positions;
    this.keyPositions = keyPositions;
    this.lengths = lengths;
    this.mask = mask;
    Map<Sight, Look> kinds = new HashMap<>();
    looks =
        config.form().layers().stream()
            .map(sight -> kinds.computeIfAbsent(sight, this::look))
            .toList();
  }

  Look of(int layer) {
    return looks.get(layer);
  }

  /** Looks of queries at some positions of each sequence, I64, (B, P), at the keys of these. */
  Looks at(Tensor queries) {
    return new Looks(config, queries, keyPositions, lengths, causal(queries));
  }

  /** What to add to scores so that queries do not see keys behind them. */
  private Tensor causal(Tensor queries) {
    return additive(apart(queries).ge(0));
  }

  /** What to add to scores where only some keys may be seen, (B or 1, T, S). */
  static Tensor additive(Tensor allowed) {
    return Tensor.zeros(DType.F32, allowed.device(), allowed.shape())
        .maskedFill(allowed.logicalNot(), KvCache.HIDDEN)
        .unsqueeze(1);
  }

  /** How far each key stands before each query, (B or 1, T, S). */
  private Tensor apart(Tensor queries) {
    Tensor from = queries.dim() == 1 ? queries.unsqueeze(0) : queries;
    Tensor to = keyPositions.dim() == 1 ? keyPositions.unsqueeze(0) : keyPositions;
    return from.unsqueeze(2).sub(to.unsqueeze(1));
  }

  private Look look(Sight sight) {
    int width = config.headWidth();
    Tensor rotation = rotation(sight.rope());
    Tensor mask = mask(sight.window());
    if (sight.rope().isWhole(width)) {
      return new Look(rotation, null, null, mask);
    }
    long[] pairs = sight.rope().pairs(width);
    long[] back = new long[width];
    for (int i = 0; i < width; i++) {
      back[(int) pairs[i]] = i;
    }
    Device device = positions.device();
    return new Look(
        rotation, Tensor.of(pairs, width).to(device), Tensor.of(back, width).to(device), mask);
  }

  private Tensor mask(int window) {
    // No two tokens are further apart than there are keys.
    if (window >= keyPositions.size(-1)) {
      return mask;
    }
    Tensor base = mask == null ? causal(positions) : mask;
    return base.maskedFill(apart(positions).ge(window).unsqueeze(1), KvCache.HIDDEN);
  }

  private Tensor rotation(Rope rope) {
    Tensor angles = positions.to(DType.F32).unsqueeze(-1).mul(frequencies(rope));
    Tensor turns = Tensor.stack(List.of(angles.cos(), angles.sin()), -1);
    if (rope.scaling().amplitude() != 1) {
      float[] amplitudes = rope.amplitudes(config.headWidth());
      turns = turns.mul(Tensor.of(amplitudes, amplitudes.length, 1).to(turns.device()));
    }
    return turns.viewAsComplex().unsqueeze(-2);
  }

  /** Angles per position, (D/2), or (B, 1, D/2) where sequences are turned differently. */
  private Tensor frequencies(Rope rope) {
    int width = config.headWidth();
    Device device = positions.device();
    RopeScaling scaling = rope.scaling();
    int[] settled =
        lengths == null ? new int[] {1} : IntStream.of(lengths).map(scaling::settled).toArray();
    if (IntStream.of(settled).distinct().count() == 1) {
      return Tensor.of(rope.frequencies(width, settled[0]), width / 2).to(device);
    }
    float[] all = new float[settled.length * width / 2];
    for (int row = 0; row < settled.length; row++) {
      System.arraycopy(rope.frequencies(width, settled[row]), 0, all, row * width / 2, width / 2);
    }
    return Tensor.of(all, settled.length, 1, width / 2).to(device);
  }
}
