package dev.ilora.gguf;

/** How the values of one block of a quantised tensor are computed from its bytes. */
@FunctionalInterface
interface Blocks {
  /**
   * Computes the values of a block.
   *
   * @param in holds the block's bytes
   * @param at where they begin
   * @param out takes the values
   * @param to where the first one goes
   */
  void unpack(byte[] in, int at, float[] out, int to);

  /** A 16-bit float of a block. */
  static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) (in[at] & 0xff | in[at + 1] << 8));
  }
}
