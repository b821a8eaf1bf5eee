package dev.ilora.data;

import dev.ilora.Printable;
import java.util.Locale;

/** Keys of users and items, which are kept as they are, character by character. */
public final class Keys {
  private static final int LONGEST = 1 << 12;

  private Keys() {}

  /**
   * Refuses what cannot be a key.
   *
   * @param what user or item, for the message
   * @throws IllegalArgumentException for a blank key, one with a tab, a line break or another
   *     control character, half a character, and one of more than 4,096 characters
   */
  public static void require(String what, CharSequence key) {
    boolean blank = true;
    boolean surrogates = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the key of %s '%s' has the character U+%04X; expected a key without tabs, line"
                    + " breaks and other control characters",
                what,
                Printable.text(key.toString()),
                (int) c));
      }
      blank &= Character.isWhitespace(c);
      surrogates |= Character.isSurrogate(c);
    }
    if (surrogates) {
      requireWhole("the key of " + what, key);
    }
    if (blank) {
      throw new IllegalArgumentException("blank " + what + "; expected a key");
    }
    if (key.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the key of %s '%s...' has %s characters; expected at most %s"
              .formatted(what, key.subSequence(0, 20), key.length(), LONGEST));
    }
  }

  /**
   * Refuses a text with half of a pair of surrogates, which JSON can hold and UTF-8 cannot: written
   * down, all of them are the same question mark.
   *
   * @param what the text is, for the message
   * @throws IllegalArgumentException naming the half
   */
  public static void requireWhole(String what, CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (Character.isSurrogate(c) && !pair) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s has U+%04X, half of a character; expected whole characters",
                what,
                (int) c));
      }
      i += pair ? 1 : 0;
    }
  }
}
