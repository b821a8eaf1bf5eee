package dev.ilora.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** Types that matrices can be written in. */
public enum GgufType {
  F32(TensorType.F32, 0),
  F16(TensorType.F16, 1),
  BF16(TensorType.BF16, 32),
  Q8_0(TensorType.Q8_0, 7),
  Q4_0(TensorType.Q4_0, 2);

  private final TensorType stored;
  private final int fileType;

  GgufType(TensorType stored, int fileType) {
    this.stored = stored;
    this.fileType = fileType;
  }

  TensorType stored() {
    return stored;
  }

  /** What {@code general.file_type} says of a file whose matrices are of this type. */
  public int fileType() {
    return fileType;
  }

  /** Whether values are rounded in blocks that share a scale. */
  public boolean isQuantised() {
    return stored.form().isPresent();
  }

  /** The type that a tensor gets in a file of this type: vectors and rows that do not fit stay. */
  public GgufType of(long... shape) {
    boolean fits = shape.length == 2 && shape[1] % stored.blockValues() == 0;
    return fits ? this : F32;
  }

  /**
   * The bytes of values.
   *
   * @param values whole blocks
   * @throws IllegalArgumentException if a value is too large for the type
   */
  byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length / stored.blockValues() * stored.blockBytes()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (this) {
      case F32 -> out.asFloatBuffer().put(values);
      case F16, BF16 -> {
        for (float value : values) {
          out.putShort(requireFit(this == F16 ? Float.floatToFloat16(value) : brain(value), value));
        }
      }
      case Q8_0 -> blocks(BlockPacking.Q8, values, bytes);
      case Q4_0 -> blocks(BlockPacking.Q4_SYMMETRIC, values, bytes);
    }
    return bytes;
  }

  private void blocks(BlockPacking packing, float[] values, byte[] bytes) {
    int count = values.length / stored.blockValues();
    for (int block = 0; block < count; block++) {
      int to = block * stored.blockBytes();
      float scale = packing.pack(values, block * stored.blockValues(), bytes, to);
      requireFit(Float.floatToFloat16(scale), scale);
    }
  }

  /** The upper half of a float, rounded to the nearest, ties to even. */
  private static short brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }

  private short requireFit(short half, float value) {
    boolean infinite = this == BF16 ? (half & 0x7f80) == 0x7f80 : (half & 0x7c00) == 0x7c00;
    if (infinite) {
      throw new IllegalArgumentException("%s is too large for %s".formatted(value, this));
    }
    return half;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
