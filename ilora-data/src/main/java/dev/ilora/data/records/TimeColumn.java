package dev.ilora.data.records;

import dev.ilora.data.TimeUnit;
import dev.ilora.data.Times;
import java.time.Instant;
import java.util.Optional;

/**
 * A column of times being read. Numbers stay as they are until the whole column was seen, because
 * only the column as a whole tells their unit. Then {@link #finish} makes microseconds of what was
 * read.
 */
public final class TimeColumn {
  private static final String EXPECTED =
      "expected seconds since 1970 (or milliseconds, microseconds, nanoseconds), 2024-03-18,"
          + " 2024-03-18 20:37:00 or 2024-03-18T20:37:00Z";

  // Numbers between 1990 and 2100 look like times.
  private static final long EARLIEST = 20 * 31_557_600L * Times.SECOND;
  private static final double LARGEST = 1e19;
  private static final long LATEST = 130 * 31_557_600L * Times.SECOND;

  private final String name;
  private final Optional<TimeUnit> given;
  private final String help;
  private Optional<TimeUnit> found = Optional.empty();
  private Example first;
  private Example small;
  private Kind kind;
  private Example firstOfKind;
  private long least = Long.MAX_VALUE;
  private long most = Long.MIN_VALUE;

  /** A value and where it stands. */
  private record Example(String place, String value) {
    static Example of(RecordSource source, CharSequence cell) {
      return new Example("line " + source.line(), cell.toString());
    }

    @Override
    public String toString() {
      return "'%s' (%s)".formatted(value, place);
    }
  }

  /** What the cells are. */
  private enum Kind {
    NUMBER("a number"),
    LOCAL("a date without a zone"),
    ZONED("a date with a zone");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /**
   * Begins a column.
   *
   * @param unit the unit of its numbers where it is known
   */
  public TimeColumn(String name, Optional<TimeUnit> unit) {
    this(name, unit, "");
  }

  /**
   * Begins a column.
   *
   * @param help what a message says after what was expected, such as an option that helps
   */
  public TimeColumn(String name, Optional<TimeUnit> unit, String help) {
    this.name = name;
    this.given = unit;
    this.help = help;
  }

  /** Reads a cell; what it returns is turned into a time by {@link #finish}. */
  public long read(RecordSource source, Slice cell) {
    Slice text = cell.strip();
    long simple = Numbers.simpleInteger(text);
    if (simple >= 0) {
      return number(source, text, simple);
    }
    String value = text.toString();
    double number = Numbers.isDecimal(value) ? Double.parseDouble(value) : Double.NaN;
    if (Math.abs(number) < LARGEST) {
      return number(source, text, number);
    }
    DateText date =
        DateText.parse(value)
            .orElseThrow(
                () ->
                    source.wrong(
                        "column '%s': '%s' is not a time; %s%s"
                            .formatted(name, cell, EXPECTED, help)));
    is(date.hasZone() ? Kind.ZONED : Kind.LOCAL, source, text);
    return Double.doubleToRawLongBits(date.micros());
  }

  /** Whether a text would be a time after 1990: a date, or a number of the size of one. */
  public static boolean looksLikeOne(String text) {
    if (!Numbers.isDecimal(text)) {
      return DateText.parse(text).isPresent();
    }
    double number = Double.parseDouble(text);
    long micros = TimeUnit.of(number).map(unit -> unit.micros(number)).orElse(0L);
    return micros > EARLIEST && micros < LATEST;
  }

  private long number(RecordSource source, Slice text, double number) {
    is(Kind.NUMBER, source, text);
    if (given.isEmpty()) {
      findUnit(source, text, number);
    }
    return Double.doubleToRawLongBits(number);
  }

  /** A column has one kind of cells, because a mixture has no order. */
  private void is(Kind seen, RecordSource source, Slice text) {
    if (kind == null) {
      kind = seen;
      firstOfKind = Example.of(source, text);
    } else if (kind != seen) {
      throw source.wrong(
          "column '%s': '%s' is %s, but %s is %s; expected one form in the whole column"
              .formatted(name, text, seen.text, firstOfKind, kind.text));
    }
  }

  private void findUnit(RecordSource source, Slice text, double number) {
    Optional<TimeUnit> unit = TimeUnit.of(number);
    if (unit.isEmpty()) {
      small = small == null && number != 0 ? Example.of(source, text) : small;
    } else if (found.isEmpty()) {
      found = unit;
      first = Example.of(source, text);
    } else if (!found.equals(unit)) {
      throw source.wrong(
          "column '%s': '%s' looks like %s, but %s like %s; expected one unit in the whole column, or --time-unit"
              .formatted(name, text, unit.get().label(), first, found.get().label()));
    }
  }

  /**
   * Makes microseconds of the times of a log, which hold what {@link #read} returned, once all was
   * read.
   *
   * @throws dev.ilora.BadInputException if some numbers are times in milliseconds or less, and
   *     others too small for that
   */
  public void finish(RecordSource source, InteractionLog log) {
    TimeUnit unit = unit();
    if (small != null && given.isEmpty() && unit != TimeUnit.SECONDS) {
      throw source.wrong(
          "column '%s': %s is too small for %s, such as %s; expected one unit in the whole column, or --time-unit"
              .formatted(name, small, unit.label(), first));
    }
    log.changeTimes(raw -> noted(unit, Double.longBitsToDouble(raw)));
  }

  private long noted(TimeUnit unit, double number) {
    long micros = kind == Kind.NUMBER ? unit.micros(number) : (long) number;
    least = Math.min(least, micros);
    most = Math.max(most, micros);
    return micros;
  }

  private TimeUnit unit() {
    return given.or(() -> found).orElse(TimeUnit.SECONDS);
  }

  /** What the column holds, such as {@code seconds, from 1997-09-20 to 1998-04-22}. */
  public String description() {
    if (kind == null) {
      return "no times";
    }
    if (kind == Kind.NUMBER && found.isEmpty() && given.isEmpty()) {
      return "small numbers, from %s to %s".formatted(Times.text(least), Times.text(most));
    }
    String form =
        switch (kind) {
          case NUMBER -> unit().label();
          case LOCAL -> "dates, read as UTC";
          case ZONED -> "dates with a zone";
        };
    return "%s, from %s to %s".formatted(form, day(least), day(most));
  }

  private static String day(long micros) {
    return Instant.ofEpochSecond(Times.seconds(micros)).toString().substring(0, 10);
  }
}
