package dev.ilora.gguf;

import static dev.ilora.gguf.Blocks.half;

/**
 * Blocks of 256 values in 8 or 16 parts. Every part has a scale of few bits, in units of a scale of
 * the block, and some types have a least value in the same way.
 *
 * <p>Source of the layouts: ggml-quants.c of llama.cpp ({@code dequantize_row_q*_K}).
 */
final class LargeBlocks {
  private LargeBlocks() {}

  /** 16 bytes of scales and least values, 64 bytes of codes, the block's scale and least value. */
  static void q2(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at + 80);
    float least = half(in, at + 82);
    for (int part = 0; part < 16; part++) {
      int factors = in[at + part] & 0xff;
      float partScale = scale * (factors & 15);
      float partLeast = least * (factors >> 4);
      int codes = at + 16 + 32 * (part / 8) + 16 * (part % 2);
      int shift = 2 * (part % 8 / 2);
      for (int j = 0; j < 16; j++) {
        out[to + 16 * part + j] = partScale * (in[codes + j] >> shift & 3) - partLeast;
      }
    }
  }

  /** 32 bytes of third bits, 64 bytes of codes, 12 bytes of scales, the block's scale. */
  static void q3(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at + 108);
    for (int part = 0; part < 16; part++) {
      int lower = in[at + 96 + part % 8] >> 4 * (part / 8) & 15;
      int upper = in[at + 104 + part % 4] >> 2 * (part / 4) & 3;
      float partScale = scale * ((lower | upper << 4) - 32);
      int third = at + 16 * (part % 2);
      int codes = at + 32 + 32 * (part / 8) + 16 * (part % 2);
      int bit = part / 2;
      int shift = 2 * (part % 8 / 2);
      for (int j = 0; j < 16; j++) {
        int code = in[codes + j] >> shift & 3 | (in[third + j] >> bit & 1) << 2;
        out[to + 16 * part + j] = partScale * (code - 4);
      }
    }
  }

  /** The block's scale and least value, 12 bytes of scales and least values, 128 of codes. */
  static void q4(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float least = half(in, at + 2);
    for (int part = 0; part < 8; part++) {
      float partScale = scale * factor(in, at + 4, part);
      float partLeast = least * leastFactor(in, at + 4, part);
      int codes = at + 16 + 32 * (part / 2);
      int shift = 4 * (part % 2);
      for (int j = 0; j < 32; j++) {
        out[to + 32 * part + j] = partScale * (in[codes + j] >> shift & 15) - partLeast;
      }
    }
  }

  /** As {@link #q4}, with 32 bytes of fifth bits before the codes. */
  static void q5(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float least = half(in, at + 2);
    for (int part = 0; part < 8; part++) {
      float partScale = scale * factor(in, at + 4, part);
      float partLeast = least * leastFactor(in, at + 4, part);
      int codes = at + 48 + 32 * (part / 2);
      int shift = 4 * (part % 2);
      for (int j = 0; j < 32; j++) {
        int code = in[codes + j] >> shift & 15 | (in[at + 16 + j] >> part & 1) << 4;
        out[to + 32 * part + j] = partScale * code - partLeast;
      }
    }
  }

  /** 128 bytes of codes, 64 of their upper two bits, 16 signed scales, the block's scale. */
  static void q6(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at + 208);
    for (int part = 0; part < 16; part++) {
      float partScale = scale * in[at + 192 + part];
      int row = part % 8 / 2;
      int codes = at + 64 * (part / 8) + 32 * (row % 2) + 16 * (part % 2);
      int upper = at + 128 + 32 * (part / 8) + 16 * (part % 2);
      int shift = 4 * (row / 2);
      for (int j = 0; j < 16; j++) {
        int code = in[codes + j] >> shift & 15 | (in[upper + j] >> 2 * row & 3) << 4;
        out[to + 16 * part + j] = partScale * (code - 32);
      }
    }
  }

  /** The scale of a part, 6 bits: those of the last four parts lie in two places. */
  static int factor(byte[] in, int at, int part) {
    return part < 4
        ? in[at + part] & 63
        : in[at + part + 4] & 15 | (in[at + part - 4] >> 6 & 3) << 4;
  }

  /** The least value of a part, 6 bits. */
  static int leastFactor(byte[] in, int at, int part) {
    return part < 4
        ? in[at + part + 4] & 63
        : in[at + part + 4] >> 4 & 15 | (in[at + part] >> 6 & 3) << 4;
  }
}
