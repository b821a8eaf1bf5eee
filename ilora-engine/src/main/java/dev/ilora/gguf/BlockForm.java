package dev.ilora.gguf;

import java.util.List;

/**
 * How the values of a matrix stand in blocks along its rows.
 *
 * @param values of a block
 * @param bytes of a block
 * @param blocks how a block becomes values
 * @param fourBits how its values are read as a sum of codes of four bits; empty where they are not
 */
record BlockForm(int values, int bytes, Blocks blocks, List<FourBitBlocks> fourBits) {
  /**
   * Computes the values of blocks that stand one after the other.
   *
   * @param in holds their bytes
   * @param out takes the values
   * @param count of the values, whole blocks
   */
  void unpack(byte[] in, float[] out, int count) {
    for (int block = 0; block < count / values; block++) {
      blocks.unpack(in, block * bytes, out, block * values);
    }
  }

  /** Bytes that this many values take. */
  long bytesOf(long count) {
    return count / values * bytes;
  }
}
