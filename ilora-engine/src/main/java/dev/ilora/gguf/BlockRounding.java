package dev.ilora.gguf;

/** How matrices in memory are rounded to few bits. */
public enum BlockRounding {
  /** 8 bits and a 16-bit scale for 32 values, as in GGUF files. */
  Q8_0(TensorType.Q8_0.form().orElseThrow(), BlockPacking.Q8::pack, true),
  /** 4 bits and a 16-bit scale for 32 values, as in GGUF files. */
  Q4_0(TensorType.Q4_0.form().orElseThrow(), BlockPacking.Q4_SYMMETRIC::pack, true),
  /** 4 bits that name levels of a normal distribution, and a 32-bit scale for 64 values. */
  NF4(NormalFloat.FORM, NormalFloat::pack, false);

  /** Rounds a block, as {@link BlockPacking#pack}. */
  @FunctionalInterface
  private interface Packer {
    float pack(float[] in, int from, byte[] out, int to);
  }

  private final BlockForm form;
  private final Packer packer;
  private final boolean halfScale;

  BlockRounding(BlockForm form, Packer packer, boolean halfScale) {
    this.form = form;
    this.packer = packer;
    this.halfScale = halfScale;
  }

  BlockForm form() {
    return form;
  }

  /** Whether rows of a matrix are whole blocks. */
  public boolean fits(long... shape) {
    return shape.length == 2 && shape[1] > 0 && shape[1] % form.values() == 0;
  }

  /** Bytes that values take, whole blocks. */
  public long bytes(long count) {
    return form.bytesOf(count);
  }

  /**
   * Rounds blocks that stand one after the other.
   *
   * @param in holds the values
   * @param count of the values, whole blocks
   * @param out takes the bytes
   * @throws IllegalArgumentException if a value is too large for the scale
   */
  void pack(float[] in, int count, byte[] out) {
    for (int block = 0; block < count / form.values(); block++) {
      float scale = packer.pack(in, block * form.values(), out, block * form.bytes());
      if (halfScale && Float.isInfinite(Float.float16ToFloat(Float.floatToFloat16(scale)))) {
        throw new IllegalArgumentException(
            "a scale of %s is too large for %s".formatted(scale, this));
      }
    }
  }
}
