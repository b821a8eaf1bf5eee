package dev.ilora.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InitialisersTest {
  private static double deviation(Tensor tensor) {
    float[] values = tensor.toFloats();
    return Math.sqrt(
        IntStream.range(0, values.length)
            .mapToDouble(i -> values[i] * values[i])
            .average()
            .orElseThrow());
  }

  @Test
  void haveTheirDeviations() {
    assertEquals(0.02, deviation(Initialisers.normal(new Random(1), 0.02, 100, 200)), 4e-4);
    // Uniform in ±1/√fanIn has deviation bound/√3.
    assertEquals(
        1 / Math.sqrt(3 * 4 * 25),
        deviation(Initialisers.kaimingUniform(new Random(1), 200, 4, 25)),
        1e-3);
    assertEquals(
        Math.sqrt(2.0 / (3 * 25 + 200 * 25)),
        deviation(Initialisers.xavierNormal(new Random(1), 200, 3, 25)),
        4e-4);
  }

  @Test
  void staysWithinItsBound() {
    for (float value : Initialisers.uniform(new Random(3), 0.5, 1000).toFloats()) {
      assertTrue(Math.abs(value) <= 0.5);
    }
  }

  @Test
  void repeatsWithTheSameSeed() {
    assertArrayEquals(
        Initialisers.normal(new Random(9), 1, 5).toFloats(),
        Initialisers.normal(new Random(9), 1, 5).toFloats());
  }

  @Test
  void refusesAVectorAsAWeight() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Initialisers.kaimingUniform(new Random(1), 5));
    assertEquals(
        "a weight with 1 dimensions has no fan-in; at least 2 are needed", thrown.getMessage());
  }
}
