package dev.ilora.gguf;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.FourBitMatrix;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A matrix held in quantised blocks along its rows, in native memory on the CPU; its values are
 * computed when they are asked for. R rows, C columns.
 */
public final class PackedMatrix implements AutoCloseable {
  private static final int ROUNDED_AT_ONCE = 8192;

  private final BlockForm form;
  private final Tensor bytes;
  private final long columns;
  private List<FourBitMatrix> fourBits;
  private PackedMatrix rounded;

  /**
   * @param bytes U8, (R, bytes of a row), contiguous
   */
  PackedMatrix(BlockForm form, Tensor bytes) {
    this.form = form;
    this.bytes = bytes;
    this.columns = bytes.size(1) / form.bytes() * form.values();
  }

  /**
   * Rounds a matrix.
   *
   * @param matrix F32 on the CPU, contiguous, of a shape that {@link BlockRounding#fits}
   * @throws IllegalArgumentException if a value is too large to be rounded so
   */
  public static PackedMatrix of(Tensor matrix, BlockRounding rounding) {
    BlockForm form = rounding.form();
    Tensor packed =
        Tensor.written(
            DType.U8,
            to -> matrix.lend(from -> round(from, to, matrix.numel(), rounding)),
            matrix.size(0),
            form.bytesOf(matrix.size(1)));
    return new PackedMatrix(form, packed);
  }

  private static void round(
      MemorySegment from, MemorySegment to, long count, BlockRounding rounding) {
    Pieces.share(
        count,
        Torch.threads(),
        () -> {
          float[] values = new float[Pieces.SIZE];
          byte[] own = new byte[(int) rounding.form().bytesOf(Pieces.SIZE)];
          return (first, length) -> {
            MemorySegment.copy(
                from, ValueLayout.JAVA_FLOAT, first * Float.BYTES, values, 0, length);
            rounding.pack(values, length, own);
            BlockForm form = rounding.form();
            int written = (int) form.bytesOf(length);
            MemorySegment.copy(own, 0, to, ValueLayout.JAVA_BYTE, form.bytesOf(first), written);
          };
        });
  }

  /** R. */
  public long rows() {
    return bytes.size(0);
  }

  /** C. */
  public long columns() {
    return columns;
  }

  /** Bytes of native memory. */
  public long byteSize() {
    return bytes.numel();
  }

  /** The rows from one on, up to another, of the same memory. */
  public PackedMatrix rows(long from, long to) {
    return new PackedMatrix(form, bytes.slice(0, from, to));
  }

  /**
   * Copies of some rows.
   *
   * @param indices I64, (N), on the CPU
   */
  public PackedMatrix rows(Tensor indices) {
    return new PackedMatrix(form, bytes.indexSelect(0, indices));
  }

  /** Bytes of each row, U8, (R, bytes of a row). */
  Tensor bytes() {
    return bytes;
  }

  BlockForm form() {
    return form;
  }

  /**
   * The values, as many threads computing them as operations of the calling thread have.
   *
   * @return (R, C)
   */
  public Tensor values(DType dtype, Device device) {
    try (var scope = Scope.open()) {
      boolean direct = dtype == DType.F32 || dtype == DType.BF16;
      DType written = direct ? dtype : DType.F32;
      Tensor values =
          Tensor.written(
              written, to -> bytes.lend(from -> unpack(from, to, written)), rows(), columns);
      return scope.keep(values.to(dtype).to(device));
    }
  }

  private void unpack(MemorySegment from, MemorySegment to, DType dtype) {
    Pieces.share(
        rows() * columns,
        Torch.threads(),
        () -> {
          byte[] packed = new byte[(int) form.bytesOf(Pieces.SIZE)];
          float[] values = new float[Pieces.SIZE];
          short[] halves = dtype == DType.BF16 ? new short[Pieces.SIZE] : null;
          return (first, length) -> {
            int read = (int) form.bytesOf(length);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, form.bytesOf(first), packed, 0, read);
            form.unpack(packed, values, length);
            if (halves == null) {
              MemorySegment.copy(
                  values, 0, to, ValueLayout.JAVA_FLOAT, first * Float.BYTES, length);
            } else {
              halve(values, halves, length);
              MemorySegment.copy(
                  halves, 0, to, ValueLayout.JAVA_SHORT, first * Short.BYTES, length);
            }
          };
        });
  }

  /** The upper halves of finite numbers, rounded to the nearest, ties to even. */
  private static void halve(float[] values, short[] halves, int count) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      halves[i] = (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
  }

  /**
   * {@code x · Wᵀ} from the codes, for few rows. What that needs is made at the first call, takes
   * {@link #productBytes}, and is kept until this matrix is closed.
   *
   * @param x BF16, on the CPU, (N, C)
   * @return BF16, (N, R); empty where the blocks or the processor have no such product
   */
  public Optional<Tensor> product(Tensor x) {
    return fourBits().stream().map(part -> part.product(x)).reduce((a, b) -> a.addInPlace(b, 1));
  }

  /** Bytes that {@link #product} keeps, once it was asked for. */
  public long productBytes() {
    return FourBitMatrix.fits(rows(), columns)
        ? form.fourBits().size() * FourBitMatrix.bytes(rows(), columns)
        : 0;
  }

  /**
   * Nearly {@code x · Wᵀ}, as {@link #product} of the values rounded to eight bits.
   *
   * @return empty where the columns or the processor have no such product
   */
  public Optional<Tensor> nearProduct(Tensor x) {
    boolean fits = BlockRounding.Q8_0.fits(rows(), columns) && FourBitMatrix.fits(rows(), columns);
    return fits ? rounded().product(x) : Optional.empty();
  }

  private synchronized PackedMatrix rounded() {
    if (rounded == null) {
      try (var _ = Scope.open()) {
        List<Tensor> parts = new ArrayList<>();
        for (long from = 0; from < rows(); from += ROUNDED_AT_ONCE) {
          try (var part = Scope.open()) {
            PackedMatrix some = rows(from, Math.min(rows(), from + ROUNDED_AT_ONCE));
            Tensor values = some.values(DType.F32, Device.CPU);
            parts.add(part.keep(of(values, BlockRounding.Q8_0).bytes));
          }
        }
        Tensor all = Tensor.cat(parts, 0);
        rounded = new PackedMatrix(BlockRounding.Q8_0.form(), all.owned());
      }
    }
    return rounded;
  }

  private synchronized List<FourBitMatrix> fourBits() {
    if (fourBits == null) {
      fourBits =
          FourBitMatrix.fits(rows(), columns)
              ? form.fourBits().stream()
                  .map(blocks -> FourBitBlocks.matrix(form, blocks, bytes, columns))
                  .toList()
              : List.of();
    }
    return fourBits;
  }

  /** Frees the memory. */
  @Override
  public synchronized void close() {
    bytes.close();
    if (fourBits != null) {
      fourBits.forEach(FourBitMatrix::close);
    }
    if (rounded != null) {
      rounded.close();
    }
  }
}
