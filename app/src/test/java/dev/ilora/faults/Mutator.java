package dev.ilora.faults;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Changes the bytes of a file as disks, editors and strangers do; the same seed, the same change.
 */
final class Mutator {
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST = 40;

  /** What stands for a number that a reader should not trust. */
  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "0",
          "1",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "1e309",
          "NaN",
          "Infinity",
          "0.5",
          "1e-400",
          "007",
          "",
          "99999999999999999999999",
          "٣");

  /** What may stand anywhere. */
  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\\u0000",
          "\\ud800",
          "\u0000",
          "\uFEFF",
          "\r",
          "\n\n",
          "\t",
          ",",
          ";",
          "|",
          "\"",
          "'",
          "::",
          "&a *a",
          "!!java.lang.Object",
          "../",
          "%s",
          "\u001b[2J",
          "[".repeat(2000),
          "{\"a\":".repeat(1200),
          "é",
          "e\u0301",
          "\u2028",
          "\ud83d\ude00");

  private final RandomGenerator random;

  Mutator(RandomGenerator random) {
    this.random = random;
  }

  /** Another content, except by chance. */
  byte[] mutated(byte[] content) {
    byte[] now = content;
    for (int change = random.nextInt(MOST_CHANGES); change >= 0; change--) {
      now = changed(now);
    }
    return now;
  }

  private byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return word();
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(LONGEST), bytes.length - at);
    return switch (random.nextInt(9)) {
      case 0 -> flipped(bytes, at);
      case 1 -> replaced(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
      case 2 -> replaced(bytes, at, length, new byte[0]);
      case 3 -> replaced(bytes, at, 0, part(bytes, random.nextInt(bytes.length), length));
      case 4 -> part(bytes, 0, at);
      case 5 -> replaced(bytes, at, 0, word());
      case 6 -> replaced(bytes, at, length, word());
      case 7 -> number(bytes, at);
      default -> lineTwice(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= (byte) (1 << random.nextInt(8));
    return other;
  }

  /** Puts another number in the place of the next one. */
  private byte[] number(byte[] bytes, int at) {
    int from = at;
    while (from < bytes.length && !Character.isDigit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && Character.isDigit(bytes[to])) {
      to++;
    }
    return replaced(bytes, from, to - from, bytes(NUMBERS.get(random.nextInt(NUMBERS.size()))));
  }

  private static byte[] lineTwice(byte[] bytes, int at) {
    int from = at;
    while (from > 0 && bytes[from - 1] != '\n') {
      from--;
    }
    int to = at;
    while (to < bytes.length && bytes[to] != '\n') {
      to++;
    }
    int end = Math.min(bytes.length, to + 1);
    return replaced(bytes, from, 0, part(bytes, from, end - from));
  }

  private byte[] word() {
    return bytes(WORDS.get(random.nextInt(WORDS.size())));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] part(byte[] bytes, int from, int length) {
    int whole = Math.min(length, bytes.length - from);
    byte[] part = new byte[whole];
    System.arraycopy(bytes, from, part, 0, whole);
    return part;
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + by.length);
    out.write(bytes, 0, at);
    out.writeBytes(by);
    out.write(bytes, at + length, bytes.length - at - length);
    return out.toByteArray();
  }
}
