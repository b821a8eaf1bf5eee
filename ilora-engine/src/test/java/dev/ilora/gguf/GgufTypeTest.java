package dev.ilora.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values are rounded as the Python package gguf 0.19.0 does, whose bytes stand here. */
class GgufTypeTest {
  /** Three blocks: eighths with ties, zeros, and small values. */
  private static float[] values() {
    float[] values = new float[96];
    for (int i = 0; i < values.length; i++) {
      float value = (i * 37 % 101 - 50) / 8f;
      values[i] = i < 32 ? value : i < 64 ? 0 : value * 1e-3f;
    }
    return values;
  }

  private static String hex(GgufType type, float... values) {
    return HexFormat.of().formatHex(type.bytes(values));
  }

  @ParameterizedTest
  @CsvSource({
    "Q8_0, 4d2a81df3d9af856b41270cd2b89e745a2005ebb1977d53390ee4caa0866c3217fdc"
        + "00000000000000000000000000000000000000000000000000000000000000000000"
        + "2903f353ad0d6dc72781e1419bfb5bb51575cf2f89e949a30362bd1d7cd73691f050",
    "Q4_0, 403ae046acf258bd1379df358be046acf268"
        + "008088888888888888888888888888888888"
        + "461257bd0379df248ae046acf258be1379df"
  })
  void blocksAreThoseOfTheReference(GgufType type, String expected) {
    assertEquals(expected, hex(type, values()));
  }

  @Test
  void valuesOf16BitsAreRoundedToTheNearestAndTiesToEven() {
    assertEquals(
        "803f823f6d80627fab3e000000802040",
        hex(GgufType.BF16, 1 + 1 / 256f, 1 + 3 / 256f, -1e-38f, 3e38f, 1 / 3f, 0, -0f, 2.5f));
    assertEquals("5535ff7b010000c1", hex(GgufType.F16, 1 / 3f, 65504, 6e-8f, -2.5f));
  }

  @Test
  void aValueThatIsTooLargeIsRefused() {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> GgufType.F16.bytes(new float[] {1e5f}));
    assertEquals("100000.0 is too large for f16", refused.getMessage());
    float[] block = new float[32];
    block[3] = 1e7f;
    assertThrows(IllegalArgumentException.class, () -> GgufType.Q8_0.bytes(block));
    assertThrows(IllegalArgumentException.class, () -> GgufType.BF16.bytes(new float[] {3.4e38f}));
  }

  @Test
  void onlyMatricesOfWholeBlocksAreQuantised() {
    assertEquals(GgufType.Q8_0, GgufType.Q8_0.of(3, 64));
    assertEquals(GgufType.F32, GgufType.Q8_0.of(3, 48));
    assertEquals(GgufType.F32, GgufType.Q8_0.of(64));
    assertEquals(GgufType.BF16, GgufType.BF16.of(3, 5));
    assertEquals(GgufType.F32, GgufType.BF16.of(5));
  }
}
