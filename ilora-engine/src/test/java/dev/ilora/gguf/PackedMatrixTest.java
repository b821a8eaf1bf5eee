package dev.ilora.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.FourBitMatrix;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A matrix in blocks has the values of its blocks, computed one by one. */
@InScope
class PackedMatrixTest {
  // More than two parts of a thread each, and a piece that is not full.
  private static final int ROWS = 1031;
  private static final int COLUMNS = 768;

  private static byte[] blocks(BlockForm form) {
    byte[] bytes = new byte[(int) form.bytesOf((long) ROWS * COLUMNS)];
    new Random(3).nextBytes(bytes);
    // No byte gives an exponent of all ones, so every scale is a number.
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= (byte) 0x3b;
    }
    return bytes;
  }

  private static PackedMatrix matrix(BlockForm form, byte[] bytes) {
    Tensor held =
        Tensor.written(
            DType.U8,
            memory -> MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length),
            ROWS,
            bytes.length / ROWS);
    return new PackedMatrix(form, held);
  }

  private static float[] slowly(BlockForm form, byte[] bytes) {
    float[] values = new float[ROWS * COLUMNS];
    for (int block = 0; block < values.length / form.values(); block++) {
      form.blocks().unpack(bytes, block * form.bytes(), values, block * form.values());
    }
    return values;
  }

  private static void requireValues(BlockForm form) {
    byte[] bytes = blocks(form);
    float[] expected = slowly(form, bytes);
    PackedMatrix matrix = matrix(form, bytes);
    Tensor exact = Tensor.of(expected, ROWS, COLUMNS);
    for (int threads : new int[] {1, 2}) {
      try (var _ = Torch.onThreads(threads)) {
        for (DType dtype : new DType[] {DType.F32, DType.BF16, DType.F64}) {
          Tensor values = matrix.values(dtype, Device.CPU);
          assertEquals(dtype, values.dtype());
          assertArrayEquals(new long[] {ROWS, COLUMNS}, values.shape());
          assertTrue(values.hasValuesOf(exact.to(dtype)), dtype.toString());
        }
      }
    }
    assertEquals(bytes.length, matrix.byteSize());
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void valuesAreThoseOfTheBlocks(TensorType type) {
    type.form().ifPresent(PackedMatrixTest::requireValues);
  }

  @ParameterizedTest
  @EnumSource(BlockRounding.class)
  void valuesOfRoundedMatricesAreThoseOfTheirBlocks(BlockRounding rounding) {
    requireValues(rounding.form());
    Torch.seed(1);
    Tensor given = Tensor.randn(ROWS, COLUMNS);
    float[] values = given.toFloats();
    byte[] bytes = new byte[(int) rounding.form().bytesOf(values.length)];
    rounding.pack(values, values.length, bytes);
    PackedMatrix matrix = PackedMatrix.of(given, rounding);
    assertEquals(ROWS, matrix.rows());
    assertEquals(COLUMNS, matrix.columns());
    assertArrayEquals(
        slowly(rounding.form(), bytes), matrix.values(DType.F32, Device.CPU).toFloats());
  }

  @Test
  void rowsAreRowsOfTheValues() {
    BlockForm form = TensorType.Q6_K.form().orElseThrow();
    PackedMatrix matrix = matrix(form, blocks(form));
    Tensor all = matrix.values(DType.F32, Device.CPU);
    Tensor part = matrix.rows(7, 20).values(DType.F32, Device.CPU);
    assertTrue(part.hasValuesOf(all.slice(0, 7, 20)));
    Tensor chosen = Tensor.of(new long[] {1030, 0, 0, 5}, 4);
    Tensor some = matrix.rows(chosen).values(DType.F32, Device.CPU);
    assertTrue(some.hasValuesOf(all.indexSelect(0, chosen)));
  }

  @Test
  void rowsThatAreNoWholeBlocksDoNotFit() {
    assertTrue(BlockRounding.NF4.fits(3, 128));
    assertFalse(BlockRounding.NF4.fits(3, 96));
    assertTrue(BlockRounding.Q4_0.fits(3, 96));
    assertFalse(BlockRounding.Q4_0.fits(96));
    assertFalse(BlockRounding.Q4_0.fits(3, 0));
  }

  @Test
  void aValueThatIsTooLargeForTheScaleIsRefused() {
    Tensor large = Tensor.full(1e8, DType.F32, Device.CPU, 2, 64);
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> PackedMatrix.of(large, BlockRounding.Q8_0));
    assertTrue(refused.getMessage().contains("too large for Q8_0"), refused.getMessage());
    assertTrue(
        PackedMatrix.of(large, BlockRounding.NF4).values(DType.F32, Device.CPU).hasValuesOf(large));
  }

  /** Blocks with scales of ordinary size. */
  private static PackedMatrix ordinary(TensorType type, int rows, int columns) {
    BlockForm form = type.form().orElseThrow();
    byte[] bytes = new byte[(int) form.bytesOf((long) rows * columns)];
    new Random(7).nextBytes(bytes);
    for (int block = 0; block < bytes.length / form.bytes(); block++) {
      // 16-bit numbers between 0.004 and 0.016, where a type has one: scales.
      for (int at : type == TensorType.Q6_K ? new int[] {209} : new int[] {1, 3}) {
        bytes[block * form.bytes() + at] = (byte) (0x1c + (bytes[block * form.bytes() + at] & 7));
      }
    }
    Tensor held =
        Tensor.written(
            DType.U8,
            memory -> MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length),
            rows,
            bytes.length / rows);
    return new PackedMatrix(form, held);
  }

  private static void requireNear(Tensor expected, Tensor product) {
    assertEquals(DType.BF16, product.dtype());
    float[] right = expected.toFloats();
    float[] got = product.toFloats();
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < right.length; i++) {
      largest = Math.max(largest, Math.abs(right[i]));
      difference = Math.max(difference, Math.abs(right[i] - got[i]));
    }
    assertTrue(difference < 0.008 * largest, difference + " of " + largest);
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q4_K", "Q8_0"})
  void codesAndScalesAreTheValuesOfTheirBlocks(TensorType type) {
    BlockForm form = type.form().orElseThrow();
    byte[] bytes = blocks(form);
    float[] expected = slowly(form, bytes);
    float[] sum = new float[form.values()];
    int[] codes = new int[form.values()];
    float[] scales = new float[form.values() / 16];
    for (int block = 0; block < 200; block++) {
      Arrays.fill(sum, 0);
      for (FourBitBlocks part : form.fourBits()) {
        part.read(bytes, block * form.bytes(), codes, 0, scales);
        for (int i = 0; i < sum.length; i++) {
          assertTrue(codes[i] >= 0 && codes[i] <= 15, "code " + codes[i]);
          sum[i] += (codes[i] - 8) * scales[i / 32 * 2] + scales[i / 32 * 2 + 1];
        }
      }
      for (int i = 0; i < sum.length; i++) {
        float value = expected[block * form.values() + i];
        assertEquals(value, sum[i], 1e-5 * (1 + Math.abs(value)) + 32e-6 * Math.abs(scales[1]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q4_K", "Q8_0"})
  void aProductFromTheCodesIsThatOfTheValues(TensorType type) {
    assumeTrue(FourBitMatrix.fits(64, 512), "no fast product from codes on this processor");
    PackedMatrix matrix = ordinary(type, 64, 512);
    long parts = type == TensorType.Q8_0 ? 2 : 1;
    assertEquals(parts * 64 * 512 * 5 / 8, matrix.productBytes());
    for (int rows : new int[] {1, 5, 16}) {
      Tensor x = Tensor.randn(rows, 512).to(DType.BF16);
      Tensor expected = x.to(DType.F32).linear(matrix.values(DType.F32, Device.CPU));
      requireNear(expected, matrix.product(x).orElseThrow());
    }
    matrix.close();
  }

  @Test
  void otherBlocksHaveANearProductAlone() {
    assumeTrue(FourBitMatrix.fits(64, 512), "no fast product from codes on this processor");
    PackedMatrix matrix = ordinary(TensorType.Q6_K, 64, 512);
    Tensor x = Tensor.randn(3, 512).to(DType.BF16);
    assertTrue(matrix.product(x).isEmpty());
    Tensor expected = x.to(DType.F32).linear(matrix.values(DType.F32, Device.CPU));
    requireNear(expected, matrix.nearProduct(x).orElseThrow());
    matrix.close();
  }
}
