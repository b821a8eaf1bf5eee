package dev.ilora.data;

/**
 * Times of interactions: microseconds since 1970 (UTC), so that the order within a second is kept.
 * Texts hold seconds, with as many decimals as there are.
 */
public final class Times {
  /** So many are a second. */
  public static final long SECOND = 1_000_000;

  private static final int DECIMALS = 6;

  private Times() {}

  /** Seconds in decimal, such as {@code 1710794220} or {@code 1710794220.25}. */
  public static String text(long micros) {
    long rest = Math.abs(micros % SECOND);
    String sign = micros < 0 && micros > -SECOND ? "-" : "";
    return sign + micros / SECOND + fraction(rest);
  }

  private static String fraction(long micros) {
    if (micros == 0) {
      return "";
    }
    String digits = Long.toString(SECOND + micros).substring(1);
    int end = DECIMALS;
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return "." + digits.substring(0, end);
  }

  /** Whole seconds, rounded down. */
  public static long seconds(long micros) {
    return Math.floorDiv(micros, SECOND);
  }
}
