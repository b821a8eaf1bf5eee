package dev.ilora.data.records;

import dev.ilora.data.Times;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date, with or without time of day and zone: {@code 2024-03-18}, {@code 2024/3/18 20:37}, {@code
 * 2024-03-18 20:37:00.125}, {@code 2024-03-18T20:37:00Z}, {@code 2024-03-18T20:37:00+01:00}.
 *
 * @param micros microseconds since 1970; UTC where no zone is given
 * @param hasZone whether a zone is given
 */
record DateText(long micros, boolean hasZone) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})"
              + "(?:[ Tt]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?"
              + " ?(Z|z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");
  private static final int NANO_DIGITS = 9;

  /** Reads a date; empty for another form or a day or time that does not exist. */
  static Optional<DateText> parse(CharSequence text) {
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
      return Optional.of(new DateText(micros, zone != null));
    } catch (DateTimeException noSuchTime) {
      return Optional.empty();
    }
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
