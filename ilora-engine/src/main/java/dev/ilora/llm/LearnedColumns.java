package dev.ilora.llm;

import dev.ilora.llm.Looks.Look;
import dev.ilora.tensor.Tensor;
import java.util.List;

/**
 * The keys and values of one layer that a prefix has for the first columns of every sequence,
 * whatever tokens stand there. Keys are as after rotary positions, which they have none of.
 *
 * <p>V columns, G key/value heads, D head width. In passes, pairs of elements of a key stand side
 * by side.
 *
 * @param keys (V, G, D), as passes have them
 * @param values (V, G, D)
 */
record LearnedColumns(Tensor keys, Tensor values) {

  /**
   * @param learned keys, then values, as PEFT has them, (V, 2, G·D); null for none
   * @return null for none
   */
  static LearnedColumns of(Tensor learned, Look look, LlamaConfig config) {
    if (learned == null) {
      return null;
    }
    long columns = learned.size(0);
    int groups = config.keyValueHeads();
    int width = config.headWidth();
    Tensor keys =
        look.paired(learned.select(1, 0))
            .view(columns, groups, 2, width / 2)
            .transpose(2, 3)
            .reshape(columns, groups, width);
    return new LearnedColumns(keys, learned.select(1, 1).reshape(columns, groups, width));
  }

  /** The opposite of {@link #of}. */
  Tensor learned(Look look) {
    long columns = keys.size(0);
    long groups = keys.size(1);
    long width = keys.size(2);
    Tensor flat =
        keys.view(columns, groups, width / 2, 2).transpose(2, 3).reshape(columns, groups * width);
    return Tensor.stack(List.of(look.unpaired(flat), values.reshape(columns, groups * width)), 1);
  }

  /** Keys of a pass, (B, T, G, D), whose first column is a number of all, with these among them. */
  Tensor amongKeys(Tensor own, int first) {
    return among(keys, own, first);
  }

  /** As {@link #amongKeys}, of values. */
  Tensor amongValues(Tensor own, int first) {
    return among(values, own, first);
  }

  private static Tensor among(Tensor learned, Tensor own, int first) {
    long count = Math.min(learned.size(0) - first, own.size(1));
    if (count <= 0) {
      return own;
    }
    Tensor beginning =
        learned
            .slice(0, first, first + count)
            .to(own.dtype())
            .unsqueeze(0)
            .expand(own.size(0), count, own.size(2), own.size(3));
    return Tensor.cat(List.of(beginning, own.slice(1, count, own.size(1))), 1);
  }
}
