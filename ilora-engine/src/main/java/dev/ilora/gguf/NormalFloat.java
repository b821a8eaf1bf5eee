package dev.ilora.gguf;

import java.util.List;

/**
 * Blocks of 64 values in four bits each: the largest magnitude of the block in 32 bits, then 32
 * bytes of codes. A code names one of 16 levels, which lie where normally distributed values are
 * equally many between two of them; zero, one and minus one are among them. Four bits of value j
 * and of value j + 32 share a byte.
 *
 * <p>Source of the levels: Dettmers et al., QLoRA, arXiv:2305.14314, appendix E ("NF4").
 */
final class NormalFloat {
  private static final int VALUES = 64;
  private static final int HALF = VALUES / 2;
  private static final int CODES_AT = Float.BYTES;

  /** As the 16 quantiles of that appendix, rising. */
  private static final float[] LEVELS = {
    -1f,
    -0.6961928f,
    -0.52507305f,
    -0.3949175f,
    -0.28444138f,
    -0.18477343f,
    -0.091050036f,
    0f,
    0.0795803f,
    0.1609302f,
    0.2461123f,
    0.33791524f,
    0.44070983f,
    0.562617f,
    0.72295684f,
    1f
  };

  /** Half way between neighbours. */
  private static final float[] BOUNDS = bounds();

  static final BlockForm FORM =
      new BlockForm(VALUES, CODES_AT + HALF, NormalFloat::unpack, List.of());

  private NormalFloat() {}

  private static float[] bounds() {
    float[] bounds = new float[LEVELS.length - 1];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = (LEVELS[i] + LEVELS[i + 1]) / 2;
    }
    return bounds;
  }

  /** See {@link Blocks#unpack}. */
  static void unpack(byte[] in, int at, float[] out, int to) {
    float largest = Float.intBitsToFloat(bits(in, at));
    for (int j = 0; j < HALF; j++) {
      int codes = in[at + CODES_AT + j];
      out[to + j] = largest * LEVELS[codes & 15];
      out[to + HALF + j] = largest * LEVELS[codes >> 4 & 15];
    }
  }

  private static int bits(byte[] in, int at) {
    return in[at] & 0xff
        | (in[at + 1] & 0xff) << 8
        | (in[at + 2] & 0xff) << 16
        | (in[at + 3] & 0xff) << 24;
  }

  /** Rounds a block to the nearest levels, see {@link BlockPacking#pack}. */
  static float pack(float[] in, int from, byte[] out, int to) {
    float largest = 0;
    for (int j = 0; j < VALUES; j++) {
      largest = Math.max(largest, Math.abs(in[from + j]));
    }
    int bits = Float.floatToRawIntBits(largest);
    for (int i = 0; i < CODES_AT; i++) {
      out[to + i] = (byte) (bits >> 8 * i);
    }
    for (int j = 0; j < HALF; j++) {
      int low = code(in[from + j], largest);
      int high = code(in[from + HALF + j], largest);
      out[to + CODES_AT + j] = (byte) (low | high << 4);
    }
    return largest;
  }

  /** The nearest level; that nearer to zero where two are as near. */
  private static int code(float value, float largest) {
    float part = largest == 0 ? 0 : value / largest;
    int code = 0;
    while (code < BOUNDS.length && (part > BOUNDS[code] || part == BOUNDS[code] && part < 0)) {
      code++;
    }
    return code;
  }
}
