package dev.ilora.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** NF4 as QLoRA describes it, against levels and roundings computed the obvious way. */
class NormalFloatTest {
  private static final int VALUES = 64;

  /** The share of the values beyond the largest level, as the published code has it. */
  private static final double OFFSET = 0.9677083;

  /** The value below which this share of a standard normal distribution lies, by bisection. */
  private static double quantile(double share) {
    double low = -10;
    double high = 10;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (below(middle) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The share of a standard normal distribution below a value, by Simpson's rule. */
  private static double below(double value) {
    int parts = 2000;
    double width = value / parts;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double density = Math.exp(-i * width * i * width / 2) / Math.sqrt(2 * Math.PI);
      sum += density * (i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return 0.5 + sum * width / 3;
  }

  /** Eight quantiles above zero, seven below, zero, all divided by the largest. */
  private static double[] levels() {
    double[] levels = new double[16];
    for (int i = 0; i < 8; i++) {
      levels[i] = quantile(OFFSET - i * (OFFSET - 0.5) / 8);
    }
    for (int i = 0; i < 7; i++) {
      levels[8 + i] = -quantile(OFFSET - i * (OFFSET - 0.5) / 7);
    }
    double largest = levels[0];
    return Arrays.stream(levels).map(level -> level / largest).sorted().toArray();
  }

  private static float[] unpacked(float... block) {
    byte[] bytes = new byte[NormalFloat.FORM.bytes()];
    NormalFloat.pack(block, 0, bytes, 0);
    float[] values = new float[VALUES];
    NormalFloat.unpack(bytes, 0, values, 0);
    return values;
  }

  @Test
  void levelsAreQuantilesOfANormalDistribution() {
    byte[] bytes = new byte[NormalFloat.FORM.bytes()];
    bytes[2] = (byte) 0x80;
    bytes[3] = 0x3f;
    for (int code = 0; code < 16; code++) {
      bytes[4 + code] = (byte) (code | 15 - code << 4);
    }
    float[] values = new float[VALUES];
    NormalFloat.unpack(bytes, 0, values, 0);
    double[] levels = levels();
    for (int code = 0; code < 16; code++) {
      assertEquals(levels[code], values[code], 1e-6);
      assertEquals(levels[15 - code], values[32 + code], 1e-6);
    }
  }

  @Test
  void valuesBecomeTheNearestLevelTimesTheLargestMagnitude() {
    double[] levels = levels();
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      float[] block = new float[VALUES];
      float[] expected = new float[VALUES];
      float largest = 0;
      for (int j = 0; j < VALUES; j++) {
        block[j] = (float) (random.nextGaussian() * Math.pow(10, round % 7 - 3));
        largest = Math.max(largest, Math.abs(block[j]));
      }
      for (int j = 0; j < VALUES; j++) {
        double nearest = levels[0];
        for (double level : levels) {
          if (Math.abs(level - block[j] / largest) < Math.abs(nearest - block[j] / largest)) {
            nearest = level;
          }
        }
        expected[j] = (float) (nearest * largest);
      }
      assertArrayEquals(expected, unpacked(block), 1e-6f * largest);
    }
  }

  @Test
  void aBlockOfZerosStaysZero() {
    assertArrayEquals(new float[VALUES], unpacked(new float[VALUES]));
  }
}
