package dev.ilora.data.records;

import dev.ilora.data.Times;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date, with or without time of day and zone: {@code 2024-03-18}, {@code 2024/3/18 20:37}, {@code
 * 2024-03-18 20:37:00.125}, {@code 2024-03-18T20:37:00Z}, {@code 2024-03-18T20:37:00+01:00}, {@code
 * 18.03.2024 20:37}, {@code 20240318}, {@code 20240318203700}.
 *
 * @param micros microseconds since 1970; UTC where no zone is given
 * @param nanos nanoseconds beyond these, 0 to 999
 * @param form what is given
 */
record DateText(long micros, int nanos, Form form) {
  /** What a date says. */
  enum Form {
    /** The day alone. */
    DAY,
    /** The time of day too. */
    LOCAL,
    /** The zone too. */
    ZONED
  }

  /** Another way to write a date, and how it becomes the usual one. */
  private record Other(Pattern form, String usual) {
    Other(String form, String usual) {
      this(Pattern.compile(form), usual);
    }
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})"
              + "(?:[ Tt]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?"
              + " ?(Z|z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");
  private static final String DAY = "((?:19|20)\\d\\d)(\\d\\d)(\\d\\d)";
  // With slashes nobody can tell the day from the month; with dots the day comes first.
  private static final List<Other> OTHERS =
      List.of(
          new Other("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})(\\D.*)?", "$3-$2-$1$4"),
          new Other(DAY, "$1-$2-$3"),
          new Other(DAY + "(\\d\\d)(\\d\\d)", "$1-$2-$3 $4:$5"),
          new Other(DAY + "(\\d\\d)(\\d\\d)(\\d\\d)", "$1-$2-$3 $4:$5:$6"));
  private static final int NANO_DIGITS = 9;
  private static final int MICRO = 1_000;
  private static final long DAY_MICROS = 86_400 * Times.SECOND;

  /** Reads a date; empty for another form or a day or time that does not exist. */
  static Optional<DateText> parse(CharSequence text) {
    Optional<DateText> usual = usual(text);
    if (usual.isPresent()) {
      return usual;
    }
    for (Other other : OTHERS) {
      Matcher match = other.form.matcher(text);
      if (match.matches()) {
        return usual(match.replaceFirst(other.usual));
      }
    }
    return Optional.empty();
  }

  /** Whether a text of digits could be a date without signs, by its length. */
  static boolean maybeCompact(int length) {
    return length == 8 || length == 12 || length == 14;
  }

  private static Optional<DateText> usual(CharSequence text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(match, 1),
              number(match, 3),
              number(match, 4),
              number(match, 5),
              number(match, 6),
              number(match, 7),
              nanos(match.group(8)));
      String zone = match.group(9);
      long seconds = time.toEpochSecond(zone == null ? ZoneOffset.UTC : offset(zone));
      long micros = seconds * Times.SECOND + time.getLong(ChronoField.MICRO_OF_SECOND);
      Form form = zone != null ? Form.ZONED : match.group(5) != null ? Form.LOCAL : Form.DAY;
      return Optional.of(new DateText(micros, time.get(ChronoField.NANO_OF_SECOND) % MICRO, form));
    } catch (DateTimeException noSuchTime) {
      return Optional.empty();
    }
  }

  /** Whether it is the beginning of a day, in UTC. */
  boolean isMidnight() {
    return nanos == 0 && micros % DAY_MICROS == 0;
  }

  private static int number(Matcher match, int group) {
    return match.group(group) == null ? 0 : Integer.parseInt(match.group(group));
  }

  private static int nanos(String digits) {
    return digits == null
        ? 0
        : Integer.parseInt(digits + "0".repeat(NANO_DIGITS - digits.length()));
  }

  private static ZoneOffset offset(String zone) {
    return Character.isLetter(zone.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(zone);
  }
}
