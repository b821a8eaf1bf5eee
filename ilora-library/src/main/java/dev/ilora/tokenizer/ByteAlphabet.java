package dev.ilora.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * GPT-2's way of writing bytes as visible characters, and of splitting text before merging.
 *
 * <p>Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019, and its
 * released encoder: printable Latin-1 bytes stand for themselves, the others for U+0100 onwards.
 */
final class ByteAlphabet {
  static final int SIZE = 256;

  /** Pieces of text that are merged within, never across. */
  static final Pattern PIECES =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final char[] CHARACTERS = characters();

  private ByteAlphabet() {}

  private static char[] characters() {
    char[] characters = new char[SIZE];
    char next = 256;
    for (int value = 0; value < SIZE; value++) {
      boolean printable =
          value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xff && value != 0xad;
      characters[value] = printable ? (char) value : next++;
    }
    return characters;
  }

  /** Returns the visible character of a byte, 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** Returns the UTF-8 bytes of a text, 0 to 255 each. */
  static int[] bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] bytes = new int[utf8.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Byte.toUnsignedInt(utf8[i]);
    }
    return bytes;
  }
}
