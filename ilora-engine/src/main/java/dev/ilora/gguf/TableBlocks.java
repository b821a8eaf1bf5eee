package dev.ilora.gguf;

import static dev.ilora.gguf.Blocks.half;

/**
 * Blocks whose codes of four bits stand for values of one table, which lie closer around zero.
 *
 * <p>Source of layouts and table: ggml-quants.c of llama.cpp ({@code dequantize_row_iq4_*}).
 */
final class TableBlocks {
  private static final byte[] VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private static final int SMALL = 32;
  private static final int PARTS = 8;

  private TableBlocks() {}

  /** 32 values: scale, 16 bytes of codes. */
  static void iq4Small(byte[] in, int at, float[] out, int to) {
    unpack(half(in, at), in, at + 2, out, to);
  }

  /**
   * 256 values: scale, the upper two bits of eight scales in 2 bytes, their lower four bits in 4
   * bytes, 128 bytes of codes.
   */
  static void iq4Large(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    int upper = in[at + 2] & 0xff | (in[at + 3] & 0xff) << 8;
    for (int part = 0; part < PARTS; part++) {
      int lower = in[at + 4 + part / 2] >> 4 * (part % 2) & 15;
      int factor = (lower | (upper >> 2 * part & 3) << 4) - 32;
      unpack(scale * factor, in, at + 8 + 16 * part, out, to + SMALL * part);
    }
  }

  private static void unpack(float scale, byte[] in, int at, float[] out, int to) {
    for (int j = 0; j < SMALL / 2; j++) {
      int codes = in[at + j] & 0xff;
      out[to + j] = scale * VALUES[codes & 15];
      out[to + SMALL / 2 + j] = scale * VALUES[codes >> 4];
    }
  }
}
