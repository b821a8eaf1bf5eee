package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void simpleDecimalsAreWhatTheJdkReads() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      String digits = Integer.toString(random.nextInt(10_000_000));
      int point = random.nextInt(digits.length() + 1);
      String text = digits.substring(0, point) + "." + digits.substring(point);
      assertEquals(Float.parseFloat(text), Numbers.simpleDecimal(Slice.of(text)), 0, text);
      assertEquals(Float.parseFloat(digits), Numbers.simpleDecimal(Slice.of(digits)), 0, digits);
    }
  }

  @Test
  void simpleIntegersAreWhatTheJdkReads() {
    Random random = new Random(1);
    for (int digits = 1; digits <= 18; digits++) {
      for (int i = 0; i < 1000; i++) {
        String text = Long.toString(random.nextLong((long) Math.pow(10, digits)));
        assertEquals(Long.parseLong(text), Numbers.simpleInteger(Slice.of(text)), text);
      }
    }
    assertEquals(7, Numbers.simpleInteger(Slice.of("007")));
  }

  @Test
  void leavesEverythingElseToTheJdk() {
    for (String text :
        List.of("", ".", "1.2.3", "-1", "+1", " 1", "1 ", "1e3", "NaN", "12345678", "٣", "1/2")) {
      assertTrue(Float.isNaN(Numbers.simpleDecimal(Slice.of(text))), text);
    }
    for (String text : List.of("", "-1", "+1", " 1", "1.", "1e3", "1234567890123456789", "٣")) {
      assertEquals(-1, Numbers.simpleInteger(Slice.of(text)), text);
    }
  }
}
