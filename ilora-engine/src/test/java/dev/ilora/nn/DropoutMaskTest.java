package dev.ilora.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.5, 0.9})
  void dropsTheShareAndKeepsTheMean(double probability) {
    Torch.seed(1);
    check(probability, x -> drop(x, probability));
    check(probability, x -> drop(x, probability, 1));
  }

  private static Tensor drop(Tensor x, double probability) {
    return DropoutMask.draw(probability, x.device(), x.shape()).apply(x);
  }

  private static Tensor drop(Tensor x, double probability, long seed) {
    var random = new SplittableRandom(seed);
    return DropoutMask.draw(probability, random, x.device(), x.shape()).apply(x);
  }

  private static void check(double probability, UnaryOperator<Tensor> dropout) {
    try (var _ = Scope.open()) {
      int count = 99_999;
      Tensor x = Tensor.ones(DType.F32, Device.CPU, 3, count / 3).requiresGrad(true);
      Tensor y = dropout.apply(x);
      float[] values = y.toFloats();
      int dropped = 0;
      double sum = 0;
      for (float value : values) {
        dropped += value == 0 ? 1 : 0;
        sum += value;
        assertTrue(value == 0 || Math.abs(value * (1 - probability) - 1) < 2e-4);
      }
      double deviation = Math.sqrt(probability * (1 - probability) / count);
      assertEquals(probability, (double) dropped / count, 5 * deviation);
      assertEquals(1, sum / count, 5 * deviation / (1 - probability));
      y.sum().backward();
      assertArrayEquals(values, x.grad().toFloats());
    }
  }

  @Test
  void dependsOnlyOnTheSeed() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.ones(DType.F32, Device.CPU, 101);
      Torch.seed(1);
      float[] first = drop(x, 0.5).toFloats();
      Torch.seed(1);
      assertArrayEquals(first, drop(x, 0.5).toFloats());
    }
  }

  @Test
  void dependsOnlyOnTheCallersNumbers() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.ones(DType.F32, Device.CPU, 101);
      float[] first = drop(x, 0.5, 7).toFloats();
      Torch.seed(2);
      drop(x, 0.5);
      assertArrayEquals(first, drop(x, 0.5, 7).toFloats());
      float[] other = drop(x, 0.5, 8).toFloats();
      assertFalse(Arrays.equals(first, other));
    }
  }
}
