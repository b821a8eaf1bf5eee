package dev.ilora.gguf;

import dev.ilora.tensor.Tensor;

/**
 * Rows of queries and keys, (H·D, ...), in two orders. Rotary positions turn rows i and i + D / 2
 * of a head in Hugging Face's order, and rows 2i and 2i + 1 in that of some files.
 */
final class RotaryRows {
  private RotaryRows() {}

  /**
   * From Hugging Face's order to that of files.
   *
   * @param heads H; D is even
   */
  static Tensor neighbours(Tensor rows, int heads) {
    long[] shape = rows.shape();
    return rows.view(heads, 2, shape[0] / heads / 2, rows.numel() / shape[0])
        .transpose(1, 2)
        .reshape(shape);
  }

  /** From the order of files to Hugging Face's; what does not fit is refused by its caller. */
  static Tensor halved(Tensor rows, int heads) {
    long[] shape = rows.shape();
    return rows.view(heads, shape[0] / heads / 2, 2, rows.numel() / shape[0])
        .transpose(1, 2)
        .reshape(shape);
  }

  /** Whether rows are whole pairs of whole heads. */
  static boolean fit(long[] shape, int heads) {
    return shape.length > 0 && shape[0] > 0 && shape[0] % (2L * heads) == 0;
  }
}
