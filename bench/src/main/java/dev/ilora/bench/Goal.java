package dev.ilora.bench;

import java.util.Locale;
import java.util.Objects;

/**
 * A figure that was promised, and what was measured.
 *
 * @param text what is compared
 * @param wanted the bound, such as {@code ">= 4"}
 * @param measured the figure, or null where this machine cannot measure it
 * @param reached whether it keeps the bound, or null where it was not measured
 */
public record Goal(String text, String wanted, Double measured, Boolean reached) {
  /** Checks that it says what is wanted. */
  public Goal {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(wanted, "wanted");
  }

  /** A figure that should be at least a bound. */
  static Goal atLeast(String text, double bound, Double measured) {
    return new Goal(text, ">= " + number(bound), measured, reached(measured, bound, 1));
  }

  /** A figure that should be at most a bound. */
  static Goal atMost(String text, double bound, Double measured) {
    return new Goal(text, "<= " + number(bound), measured, reached(measured, bound, -1));
  }

  private static Boolean reached(Double measured, double bound, int sign) {
    return measured == null ? null : sign * measured >= sign * bound;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }
}
