package dev.ilora.gguf;

/**
 * How blocks of 32 values are rounded, the opposite of {@link SmallBlocks}.
 *
 * <p>Source: ggml-quants.c of llama.cpp ({@code quantize_row_*_ref}), and quants.py of its package
 * gguf, which gives the same bytes.
 */
enum BlockPacking {
  /** The largest value becomes 127. */
  Q8 {
    @Override
    float pack(float[] in, int from, byte[] out, int to) {
      float most = 0;
      for (int j = 0; j < VALUES; j++) {
        most = Math.max(most, Math.abs(in[from + j]));
      }
      float scale = most / 127;
      float inverse = scale == 0 ? 0 : 1 / scale;
      putHalf(scale, out, to);
      for (int j = 0; j < VALUES; j++) {
        out[to + 2 + j] = (byte) awayFromZero(in[from + j] * inverse);
      }
      return scale;
    }
  },

  /** The value farthest from zero becomes -8. */
  Q4_SYMMETRIC {
    @Override
    float pack(float[] in, int from, byte[] out, int to) {
      float farthest = 0;
      for (int j = 0; j < VALUES; j++) {
        if (Math.abs(in[from + j]) > Math.abs(farthest)) {
          farthest = in[from + j];
        }
      }
      float scale = farthest / -8;
      float inverse = scale == 0 ? 0 : 1 / scale;
      putHalf(scale, out, to);
      for (int j = 0; j < VALUES / 2; j++) {
        int low = code(in[from + j], inverse);
        int high = code(in[from + VALUES / 2 + j], inverse);
        out[to + 2 + j] = (byte) (low | high << 4);
      }
      return scale;
    }

    private static int code(float value, float inverse) {
      return Math.clamp((int) (value * inverse + 8.5f), 0, 15);
    }
  };

  private static final int VALUES = 32;

  /**
   * Rounds one block.
   *
   * @param in holds 32 finite values
   * @param from where they begin
   * @param out takes the block's bytes
   * @param to where the first one goes
   * @return the scale, before it was rounded to 16 bits
   */
  abstract float pack(float[] in, int from, byte[] out, int to);

  private static void putHalf(float scale, byte[] out, int to) {
    short half = Float.floatToFloat16(scale);
    out[to] = (byte) half;
    out[to + 1] = (byte) (half >> 8);
  }

  private static int awayFromZero(float value) {
    return (int) Math.copySign(Math.floor(Math.abs((double) value) + 0.5), value);
  }
}
