package dev.ilora.data.records;

import java.util.regex.Pattern;

/**
 * Reads the plain numbers that logs are full of, {@code 4}, {@code 3.5} or {@code 978300760},
 * without a string for each. Whatever else a number may look like is left to the JDK.
 */
final class Numbers {
  private static final int MOST_INTEGER_DIGITS = 18;
  private static final int MOST_DECIMAL_DIGITS = 7;
  private static final float[] POWERS_OF_TEN = {1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?");

  private Numbers() {}

  /** Whether a text is a decimal number, maybe with sign and exponent; no other form is one. */
  static boolean isDecimal(CharSequence text) {
    return DECIMAL.matcher(text).matches();
  }

  /** A number of 1 to 18 digits and nothing else, or -1. */
  static long simpleInteger(Slice text) {
    int length = text.length();
    if (length == 0 || length > MOST_INTEGER_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  /**
   * A number of 1 to 7 digits with at most one point, or NaN. Digits below 2^24 and a power of ten
   * are both exact in a float, so their quotient is rounded once: it is what {@link
   * Float#parseFloat} gives.
   */
  static float simpleDecimal(Slice text) {
    int value = 0;
    int digits = 0;
    int decimals = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && decimals < 0) {
        decimals = 0;
      } else if (c >= '0' && c <= '9' && digits < MOST_DECIMAL_DIGITS) {
        value = 10 * value + (c - '0');
        digits++;
        decimals += decimals < 0 ? 0 : 1;
      } else {
        return Float.NaN;
      }
    }
    return digits == 0 ? Float.NaN : value / POWERS_OF_TEN[Math.max(decimals, 0)];
  }
}
