package dev.ilora.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientClippingTest {
  private static Tensor withGradient(float... gradient) {
    Tensor parameter = Tensor.zeros(gradient.length).requiresGrad(true);
    parameter.mul(Tensor.of(gradient, gradient.length)).sum().backward();
    return parameter;
  }

  @Test
  void scalesAllGradientsToTheGlobalNorm() {
    Tensor a = withGradient(3, 0);
    Tensor b = withGradient(4);
    Tensor none = Tensor.zeros(1).requiresGrad(true);
    assertEquals(5, GradientClipping.clip(List.of(a, b, none), 1), 1e-6);
    assertArrayEquals(new float[] {0.6f, 0}, a.grad().toFloats(), 1e-6f);
    assertArrayEquals(new float[] {0.8f}, b.grad().toFloats(), 1e-6f);
  }

  @Test
  void leavesSmallAndBrokenGradientsAlone() {
    Tensor small = withGradient(3, 4);
    assertEquals(5, GradientClipping.clip(List.of(small), 5.5), 1e-6);
    assertArrayEquals(new float[] {3, 4}, small.grad().toFloats());
    Tensor broken = withGradient(Float.NaN, 4);
    assertEquals(Double.NaN, GradientClipping.clip(List.of(broken), 1));
    assertEquals(4, broken.grad().toFloats()[1]);
    assertEquals(0, GradientClipping.clip(List.of(), 1));
  }

  @Test
  void refusesABoundOfZero() {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> GradientClipping.clip(List.of(), 0));
    assertEquals("maximum gradient norm 0.0 is not above 0", thrown.getMessage());
  }
}
