package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteTextTest {
  private final ByteText text = new ByteText();
  private final StringBuilder expected = new StringBuilder();

  private void check() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.writeTo(out);
    assertEquals(expected.toString(), out.toString(StandardCharsets.UTF_8));
  }

  private void put(long number) {
    text.put(number);
    text.put(' ');
    expected.append(number).append(' ');
  }

  @Test
  void writesIntegersAsTheJdkDoes() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      put(random.nextLong() >> random.nextInt(64));
    }
    for (long power = 1; power <= Long.MAX_VALUE / 10; power *= 10) {
      put(power - 1);
      put(power);
    }
    put(Long.MAX_VALUE);
    put(Long.MIN_VALUE);
    check();
  }

  @Test
  void writesRatingsAsTheJdkDoesButWholeOnesWithoutAPoint() throws IOException {
    Random random = new Random(1);
    RatingText ratings = new RatingText();
    for (int i = 0; i < 5000; i++) {
      boolean any = random.nextBoolean();
      float rating = any ? Float.intBitsToFloat(random.nextInt()) : random.nextInt(20) / 2f;
      if (Float.isNaN(rating)) {
        continue;
      }
      ratings.put(rating, text);
      text.put('\n');
      boolean whole = rating == Math.rint(rating) && Math.abs(rating) < 0x1p31;
      expected.append(whole ? Long.toString((long) rating) : Float.toString(rating)).append('\n');
    }
    check();
  }

  @Test
  void writesPiecesOfTexts() throws IOException {
    ByteText source = new ByteText();
    source.put("Béta");
    text.put(source, 0, 3);
    text.put("\uD83D\uDE00");
    expected.append("Bé\uD83D\uDE00");
    check();
    text.clear();
    expected.setLength(0);
    check();
  }
}
