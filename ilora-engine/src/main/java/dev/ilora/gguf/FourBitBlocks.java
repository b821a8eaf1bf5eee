package dev.ilora.gguf;

import static dev.ilora.gguf.Blocks.half;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.FourBitMatrix;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The codes of blocks in which each value has four bits and {@value FourBitMatrix#GROUP} values in
 * a row a scale: the same values as {@link Blocks}, not yet multiplied out.
 */
@FunctionalInterface
interface FourBitBlocks {
  /**
   * Reads a block.
   *
   * @param in holds the block's bytes
   * @param at where they begin
   * @param codes takes the codes, from 0 to 15
   * @param to where the first one goes, a multiple of {@value FourBitMatrix#GROUP}
   * @param scales takes scale and offset of each group, so that a value is {@code (code - 8) ·
   *     scale + offset}
   */
  void read(byte[] in, int at, int[] codes, int to, float[] scales);

  /** As {@link SmallBlocks#q4Symmetric}. */
  static void symmetric(byte[] in, int at, int[] codes, int to, float[] scales) {
    halves(in, at + 2, codes, to);
    put(scales, to, half(in, at), 0);
  }

  /** As {@link SmallBlocks#q4WithLeast}. */
  static void withLeast(byte[] in, int at, int[] codes, int to, float[] scales) {
    float scale = half(in, at);
    halves(in, at + 4, codes, to);
    put(scales, to, scale, half(in, at + 2) + 8 * scale);
  }

  /** As {@link LargeBlocks#q4}. */
  static void large(byte[] in, int at, int[] codes, int to, float[] scales) {
    for (int part = 0; part < 8; part++) {
      int from = at + 16 + 32 * (part / 2);
      int shift = 4 * (part % 2);
      for (int j = 0; j < 32; j++) {
        codes[to + 32 * part + j] = in[from + j] >> shift & 15;
      }
      float scale = half(in, at) * LargeBlocks.factor(in, at + 4, part);
      float least = half(in, at + 2) * LargeBlocks.leastFactor(in, at + 4, part);
      put(scales, to + 32 * part, scale, 8 * scale - least);
    }
  }

  /** The upper four bits of {@link SmallBlocks#q8}, which count 16 each. */
  static void upper(byte[] in, int at, int[] codes, int to, float[] scales) {
    for (int j = 0; j < 32; j++) {
      codes[to + j] = (in[at + 2 + j] >> 4) + 8;
    }
    put(scales, to, 16 * half(in, at), 0);
  }

  /** The lower four bits of {@link SmallBlocks#q8}. */
  static void lower(byte[] in, int at, int[] codes, int to, float[] scales) {
    for (int j = 0; j < 32; j++) {
      codes[to + j] = in[at + 2 + j] & 15;
    }
    put(scales, to, half(in, at), 8 * half(in, at));
  }

  private static void halves(byte[] in, int at, int[] codes, int to) {
    for (int j = 0; j < 16; j++) {
      codes[to + j] = in[at + j] & 15;
      codes[to + 16 + j] = in[at + j] >> 4 & 15;
    }
  }

  private static void put(float[] scales, int to, float scale, float offset) {
    int group = to / FourBitMatrix.GROUP;
    scales[2 * group] = scale;
    scales[2 * group + 1] = offset;
  }

  /** The matrix that such blocks hold; belongs to the caller. */
  static FourBitMatrix matrix(BlockForm form, FourBitBlocks blocks, Tensor bytes, long columns) {
    long rows = bytes.size(0);
    try (var _ = Scope.open()) {
      Tensor scales = Tensor.zeros(rows, columns / FourBitMatrix.GROUP, 2);
      Tensor codes =
          Tensor.written(
              DType.I32,
              to ->
                  scales.lend(
                      scalesTo ->
                          bytes.lend(
                              from -> read(form, blocks, from, to, scalesTo, rows * columns))),
              rows,
              columns);
      return FourBitMatrix.of(codes, scales);
    }
  }

  private static void read(
      BlockForm form,
      FourBitBlocks blocks,
      MemorySegment from,
      MemorySegment codesTo,
      MemorySegment scalesTo,
      long count) {
    Pieces.share(
        count,
        Torch.threads(),
        () -> {
          byte[] packed = new byte[(int) form.bytesOf(Pieces.SIZE)];
          int[] codes = new int[Pieces.SIZE];
          float[] scales = new float[2 * Pieces.SIZE / FourBitMatrix.GROUP];
          return (first, length) -> {
            int bytes = (int) form.bytesOf(length);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, form.bytesOf(first), packed, 0, bytes);
            for (int block = 0; block < length / form.values(); block++) {
              blocks.read(packed, block * form.bytes(), codes, block * form.values(), scales);
            }
            MemorySegment.copy(
                codes, 0, codesTo, ValueLayout.JAVA_INT, first * Integer.BYTES, length);
            long group = first / FourBitMatrix.GROUP;
            int floats = 2 * length / FourBitMatrix.GROUP;
            MemorySegment.copy(
                scales, 0, scalesTo, ValueLayout.JAVA_FLOAT, 2 * group * Float.BYTES, floats);
          };
        });
  }
}
