package dev.ilora.tensor;

import static dev.ilora.tensor.Natives.permanent;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.global.torch;

/**
 * A matrix of four-bit codes for products with few rows: libtorch multiplies from the codes, so
 * that a product reads a quarter of the memory that 16 bits take. A value is {@code (code - 8) ·
 * scale + offset}, with a scale and an offset in 16 bits for {@value #GROUP} columns of a row. In
 * BF16 on the CPU.
 *
 * <p>O rows, I columns.
 */
public final class FourBitMatrix implements AutoCloseable {
  /** Columns that share a scale. */
  public static final int GROUP = 32;

  /** Rows that the product computes together. */
  private static final int ROWS = 16;

  private static final OperatorHandle PACK;
  private static final OperatorHandle PRODUCT;
  private static final boolean FAST;

  static {
    Natives.load();
    Dispatcher all = Dispatcher.singleton();
    PACK = permanent(all.findSchemaOrThrow("aten::_convert_weight_to_int4pack_for_cpu", ""));
    PRODUCT = permanent(all.findSchemaOrThrow("aten::_weight_int4pack_mm_for_cpu", ""));
    FAST = torch.get_cpu_capability().getString().startsWith("AVX");
  }

  private final Tensor codes;
  private final Tensor scales;

  private FourBitMatrix(Tensor codes, Tensor scales) {
    this.codes = codes;
    this.scales = scales;
  }

  /** Whether this processor has a fast product for matrices of this shape. */
  public static boolean fits(long rows, long columns) {
    return FAST && rows % ROWS == 0 && columns % GROUP == 0;
  }

  /**
   * A matrix in memory of its own; belongs to the caller, whatever scope is open.
   *
   * @param codes from 0 to 15, I32, (O, I), of a shape that {@link #fits}
   * @param scales scale and offset, F32, (O, I / {@value #GROUP}, 2)
   */
  public static FourBitMatrix of(Tensor codes, Tensor scales) {
    long rows = codes.size(0);
    codes.requireShape("codes", rows, codes.size(1));
    scales.requireShape("scales", rows, codes.size(1) / GROUP, 2);
    try (var _ = Scope.open()) {
      Tensor packed = call(PACK, new IValue(codes.raw()), new IValue(1L));
      Tensor rounded = scales.transpose(0, 1).contiguous().to(DType.BF16);
      return new FourBitMatrix(packed.owned(), rounded.owned());
    }
  }

  /**
   * {@code x · Wᵀ}.
   *
   * @param x BF16, (N, I)
   * @return BF16, (N, O)
   */
  public Tensor product(Tensor x) {
    try (var scope = Scope.open()) {
      return scope.keep(
          call(
              PRODUCT,
              new IValue(x.raw()),
              new IValue(codes.raw()),
              new IValue((long) GROUP),
              new IValue(scales.raw())));
    }
  }

  private static Tensor call(OperatorHandle operator, IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    operator.callBoxed(stack);
    // What the stack returns is a reference into it.
    return Tensor.of(new org.bytedeco.pytorch.Tensor(stack.get(0).toTensor()));
  }

  /** Bytes that a matrix of this shape takes. */
  public static long bytes(long rows, long columns) {
    return rows * columns / 2 + rows * columns / GROUP * 2 * DType.BF16.bytes();
  }

  /** Frees the memory. */
  @Override
  public void close() {
    codes.close();
    scales.close();
  }
}
