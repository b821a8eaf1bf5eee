package dev.ilora.gguf;

import static dev.ilora.gguf.Blocks.half;

/**
 * Blocks of 32 values with one scale. Four bits of value j and of value j + 16 share a byte.
 *
 * <p>Source of the layouts: ggml-quants.c of llama.cpp ({@code dequantize_row_*}).
 */
final class SmallBlocks {
  private static final int HALF = 16;
  private static final int VALUES = 32;

  private SmallBlocks() {}

  /** Scale, 16 bytes of codes from 0 to 15 that stand for -8 to 7. */
  static void q4Symmetric(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int j = 0; j < HALF; j++) {
      int codes = in[at + 2 + j] & 0xff;
      out[to + j] = scale * ((codes & 15) - 8);
      out[to + HALF + j] = scale * ((codes >> 4) - 8);
    }
  }

  /** Scale, least value, 16 bytes of codes. */
  static void q4WithLeast(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float least = half(in, at + 2);
    for (int j = 0; j < HALF; j++) {
      int codes = in[at + 4 + j] & 0xff;
      out[to + j] = scale * (codes & 15) + least;
      out[to + HALF + j] = scale * (codes >> 4) + least;
    }
  }

  /** Scale, a fifth bit of each code in 4 bytes, 16 bytes of codes; they stand for -16 to 15. */
  static void q5Symmetric(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    int fifth = bits(in, at + 2);
    for (int j = 0; j < HALF; j++) {
      int codes = in[at + 6 + j] & 0xff;
      out[to + j] = scale * ((codes & 15 | (fifth >> j & 1) << 4) - 16);
      out[to + HALF + j] = scale * ((codes >> 4 | (fifth >> j + HALF & 1) << 4) - 16);
    }
  }

  /** Scale, least value, a fifth bit of each code, 16 bytes of codes. */
  static void q5WithLeast(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float least = half(in, at + 2);
    int fifth = bits(in, at + 4);
    for (int j = 0; j < HALF; j++) {
      int codes = in[at + 8 + j] & 0xff;
      out[to + j] = scale * (codes & 15 | (fifth >> j & 1) << 4) + least;
      out[to + HALF + j] = scale * (codes >> 4 | (fifth >> j + HALF & 1) << 4) + least;
    }
  }

  /** Scale, 32 signed bytes. */
  static void q8(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int j = 0; j < VALUES; j++) {
      out[to + j] = scale * in[at + 2 + j];
    }
  }

  private static int bits(byte[] in, int at) {
    return in[at] & 0xff
        | (in[at + 1] & 0xff) << 8
        | (in[at + 2] & 0xff) << 16
        | (in[at + 3] & 0xff) << 24;
  }
}
