package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of tokens already seen, so that later passes need not compute them again. Valid
 * for the same base model, adapters and expert weights only, since keys and values depend on all
 * three.
 *
 * <p>B sequences, G key/value heads, D head width. All sequences have the same number of columns;
 * padding columns are never seen. For inference: no gradient passes through a cache.
 */
public final class KvCache implements AutoCloseable {
  /** Added to the attention score of a key that may not be seen. */
  static final double HIDDEN = -1e9;

  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final Tensor bias;
  private final Tensor positions;
  private final int capacity;
  private int columns;

  /**
   * An empty cache.
   *
   * @param sequences B
   * @param capacity the most columns it can hold: the longest prompt plus all that follows
   */
  public KvCache(LlamaConfig config, int sequences, int capacity, Device device, DType dtype) {
    this.capacity = capacity;
    for (int layer = 0; layer < config.layers(); layer++) {
      long[] shape = {sequences, config.keyValueHeads(), capacity, config.headWidth()};
      keys.add(Tensor.zeros(dtype, device, shape));
      values.add(Tensor.zeros(dtype, device, shape));
    }
    bias = Tensor.full(HIDDEN, DType.F32, device, sequences, 1, 1, capacity);
    positions = Tensor.zeros(DType.I64, device, sequences, capacity);
  }

  private KvCache(KvCache source, Tensor rows) {
    capacity = source.capacity;
    columns = source.columns;
    source.keys.forEach(k -> keys.add(k.indexSelect(0, rows)));
    source.values.forEach(v -> values.add(v.indexSelect(0, rows)));
    bias = source.bias.indexSelect(0, rows);
    positions = source.positions.indexSelect(0, rows);
  }

  /** Number of sequences, B. */
  public int sequences() {
    return (int) bias.size(0);
  }

  /** Columns in use. */
  public int columns() {
    return columns;
  }

  /**
   * A new cache whose row i is row {@code rows[i]} of this.
   *
   * @param rows I64; rows may repeat or be left out
   */
  public KvCache rows(Tensor rows) {
    return new KvCache(this, rows);
  }

  /**
   * Puts row {@code rows[i]} in place of row i.
   *
   * @param rows I64, B values
   */
  public void reorder(Tensor rows) {
    rows.requireShape("rows of the cache", sequences());
    for (List<Tensor> tensors : List.of(keys, values)) {
      for (Tensor tensor : tensors) {
        Tensor used = tensor.slice(2, 0, columns);
        used.copyInPlace(used.indexSelect(0, rows));
      }
    }
    bias.copyInPlace(bias.indexSelect(0, rows));
    positions.copyInPlace(positions.indexSelect(0, rows));
  }

  /** Forgets all columns from a number on. */
  public void truncate(int toColumns) {
    if (toColumns < 0 || toColumns > columns) {
      throw new IllegalArgumentException(
          "columns to keep: expected 0 to %s, got %s".formatted(columns, toColumns));
    }
    bias.slice(3, toColumns, capacity).fillInPlace(HIDDEN);
    columns = toColumns;
  }

  /**
   * Makes room for new columns, real tokens all.
   *
   * @param at where they stand in their sequences, I64, (T) or (B, T)
   * @throws IllegalArgumentException if they do not fit
   */
  void reserve(Tensor at) {
    int tokens = (int) at.size(-1);
    if (columns + tokens > capacity) {
      throw new IllegalArgumentException(
          "%s columns in use and %s new tokens exceed the cache's capacity of %s"
              .formatted(columns, tokens, capacity));
    }
    bias.slice(3, columns, columns + tokens).fillInPlace(0);
    positions.slice(1, columns, columns + tokens).copyInPlace(at);
  }

  /** Hides the padding of newly filled columns: those of row b from {@code lengths[b]} on. */
  void hidePadding(int[] lengths) {
    for (int row = 0; row < lengths.length; row++) {
      bias.select(0, row).slice(2, columns + lengths[row], capacity).fillInPlace(HIDDEN);
    }
  }

  /** What to add to attention scores for the first columns, (B, 1, 1, count). */
  Tensor bias(int count) {
    return bias.slice(3, 0, count);
  }

  /** Where the tokens of the first columns stand, I64, (B, count). */
  Tensor positions(int count) {
    return positions.slice(1, 0, count);
  }

  /** Writes the new columns of a layer; they count only after {@link #advance}. */
  void put(int layer, Tensor newKeys, Tensor newValues) {
    long tokens = newKeys.size(2);
    keys.get(layer).slice(2, columns, columns + tokens).copyInPlace(newKeys);
    values.get(layer).slice(2, columns, columns + tokens).copyInPlace(newValues);
  }

  Tensor keys(int layer, int count) {
    return keys.get(layer).slice(2, 0, count);
  }

  Tensor values(int layer, int count) {
    return values.get(layer).slice(2, 0, count);
  }

  void advance(int tokens) {
    columns += tokens;
  }

  /** Frees the memory. */
  @Override
  public void close() {
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
    bias.close();
    positions.close();
  }
}
