package dev.ilora.data;

import dev.ilora.Printable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A time at which data are cut, as people write it. */
final class CutTime {
  private CutTime() {}

  /**
   * Seconds since 1970 of a date, of a time with or without its zone, or of seconds. UTC where no
   * zone is given.
   *
   * @throws IllegalArgumentException for anything else, saying what was expected
   */
  static long seconds(String given) {
    String text = given.strip();
    try {
      if (text.matches("-?\\d+")) {
        return Long.parseLong(text);
      }
      if (text.matches("[^Tt ]+")) {
        return LocalDate.parse(text).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      }
      String time = text.replace(' ', 'T');
      return time.matches(".*[Tt].*([Zz]|[+-][0-9:]+)")
          ? OffsetDateTime.parse(time).toEpochSecond()
          : LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "split cut-off: '%s' is not a time; expected a date (2024-05-01), a time (2024-05-01T18:30,"
                  .formatted(Printable.text(text))
              + " in UTC, or 2024-05-01T18:30+02:00) or seconds since 1970",
          e);
    }
  }
}
