package dev.ilora.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a number in a column of times counts since 1970. */
public enum TimeUnit {
  /** From 1973 to 5138: 10^8 to 10^11. */
  SECONDS(1e8, 9),
  /** From 1973 to 5138: 10^11 to 10^14. */
  MILLISECONDS(1e11, 6),
  /** From 1973 to 5138: 10^14 to 10^17. */
  MICROSECONDS(1e14, 3),
  /** From 1973 on: 10^17 and more. */
  NANOSECONDS(1e17, 0);

  private static final int MICRO_EXPONENT = 3;
  private static final long THOUSAND = 1_000;

  private final double from;
  // The power of ten that makes nanoseconds.
  private final int exponent;
  // Microseconds of one, where they are whole.
  private final long factor;

  TimeUnit(double from, int exponent) {
    this.from = from;
    this.exponent = exponent;
    this.factor = Math.round(Math.pow(10, exponent - 3));
  }

  /** The unit by which a number is a time after 1973; empty for smaller numbers. */
  public static Optional<TimeUnit> of(double number) {
    double size = Math.abs(number);
    return Arrays.stream(values()).filter(unit -> size >= unit.from).reduce((a, b) -> b);
  }

  /**
   * Nanoseconds, rounded.
   *
   * @throws ArithmeticException for a scale that no memory holds
   */
  public BigInteger nanos(BigDecimal number) {
    return number.scaleByPowerOfTen(exponent).setScale(0, RoundingMode.HALF_EVEN).unscaledValue();
  }

  /** Whether a number has no digits beyond the nanosecond, which {@link #nanos} rounds. */
  public boolean isWholeNanos(BigDecimal number) {
    return number.signum() == 0
        || number.scaleByPowerOfTen(exponent).stripTrailingZeros().scale() <= 0;
  }

  /**
   * Microseconds of a whole number, without what is finer.
   *
   * @throws ArithmeticException if they do not fit
   */
  public long micros(long number) {
    return exponent < MICRO_EXPONENT
        ? Math.floorDiv(number, THOUSAND)
        : Math.multiplyExact(number, factor);
  }

  /** Nanoseconds of a whole number beyond its microseconds, 0 to 999. */
  public int nanosBeyond(long number) {
    return exponent < MICRO_EXPONENT ? Math.floorMod(number, (int) THOUSAND) : 0;
  }

  /** The unit as options give it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All labels. */
  public static String choices() {
    return Arrays.stream(values()).map(TimeUnit::label).collect(Collectors.joining(", "));
  }
}
