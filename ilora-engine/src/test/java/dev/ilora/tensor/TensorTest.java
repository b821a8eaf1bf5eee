package dev.ilora.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void valuesGoInAndComeBack() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertArrayEquals(new long[] {2, 3}, x.shape());
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.transpose(0, 1).toFloats());
      assertArrayEquals(new long[] {7, -8}, Tensor.of(new long[] {7, -8}, 2).toLongs());
      assertArrayEquals(new int[] {0, 1}, Tensor.of(new boolean[] {false, true}, 2).toInts());
      assertEquals(DType.BF16, x.to(DType.BF16).dtype());
    }
  }

  @Test
  void gradientOfALinearLayerIsTheTextbookOne() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
      Tensor weight = Tensor.of(new float[] {3, 4, 5, 6}, 2, 2).requiresGrad(true);
      x.linear(weight).sum().backward();
      assertArrayEquals(new float[] {1, 2, 1, 2}, weight.grad().toFloats());
    }
  }

  @Test
  void aKeptTensorOutlivesItsScope() {
    Tensor kept;
    try (var scope = Scope.open()) {
      kept = scope.keep(Tensor.of(new float[] {1, 2}, 2).mul(3));
    }
    assertArrayEquals(new float[] {3, 6}, kept.toFloats());
    kept.close();
  }

  @Test
  void shapeMistakesNameBothShapes() {
    try (var _ = Scope.open()) {
      Tensor a = Tensor.zeros(2, 3);
      var product = assertThrows(RuntimeException.class, () -> a.matmul(Tensor.zeros(4, 5)));
      assertTrue(
          product.getMessage().contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"),
          product.getMessage());
      var check = assertThrows(IllegalArgumentException.class, () -> a.requireShape("x", -1, 4));
      assertEquals("x: expected shape [any, 4], got [2, 3]", check.getMessage());
      var fill = assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[5], 2, 3));
      assertEquals("5 values do not fill the shape [2, 3]", fill.getMessage());
    }
  }

  @Test
  void absentAndUnknownDevicesAreRefusedByName() {
    var unknown = assertThrows(IllegalArgumentException.class, () -> Device.parse("gpu"));
    assertEquals("device 'gpu': expected cpu, cuda or cuda:N", unknown.getMessage());
    var absent = assertThrows(IllegalArgumentException.class, () -> Device.parse("cuda:99"));
    assertTrue(absent.getMessage().startsWith("device 'cuda:99' is absent: "), absent.getMessage());
  }

  @Test
  void theSameSeedGivesTheSameNumbers() {
    try (var _ = Scope.open()) {
      Torch.seed(5);
      float[] first = Tensor.randn(8).toFloats();
      Torch.seed(5);
      assertArrayEquals(first, Tensor.randn(8).toFloats());
    }
  }

  @Test
  void aSliceWithAStepTakesEveryStepthElement() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.arange(6, Device.CPU);
      assertArrayEquals(new long[] {1, 3}, x.slice(0, 1, 5, 2).toLongs());
    }
  }

  @Test
  void piecesOfADimensionAreItsElementsInOrder() {
    try (var _ = Scope.open()) {
      List<Tensor> pieces = Tensor.arange(5, Device.CPU).split(2, 0);
      assertEquals(3, pieces.size());
      assertArrayEquals(new long[] {2, 3}, pieces.get(1).toLongs());
      assertArrayEquals(new long[] {4}, pieces.get(2).toLongs());
    }
  }

  @Test
  void nothingIsRecordedWithoutGradients() {
    try (var _ = Scope.open()) {
      Tensor weight = Tensor.zeros(2, 2).requiresGrad(true);
      assertTrue(weight.mul(2).requiresGrad());
      assertTrue(!Torch.noGrad(() -> weight.mul(2)).requiresGrad());
    }
  }
}
