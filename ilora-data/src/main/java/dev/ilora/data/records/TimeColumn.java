package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.data.TimeUnit;
import dev.ilora.data.Times;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * A column of times being read. The size of a number tells its unit, and {@link #finish} checks
 * that the whole column has one. Nothing is rounded before the order is known: what is finer than a
 * microsecond is there too.
 */
public final class TimeColumn {
  private static final String EXPECTED =
      "expected seconds since 1970 (or milliseconds, microseconds, nanoseconds), 2024-03-18,"
          + " 2024-03-18 20:37:00, 2024-03-18T20:37:00Z or 18.03.2024";

  // Numbers between 1990 and 2100 look like times.
  private static final long EARLIEST = 20 * 31_557_600L * Times.SECOND;
  private static final double LARGEST = 1e19;
  private static final int LONGEST = 60;
  private static final BigInteger NANOS = BigInteger.valueOf(1_000);
  private static final long LATEST = 130 * 31_557_600L * Times.SECOND;

  private final String name;
  private final Optional<TimeUnit> given;
  private final boolean midnights;
  private final String help;
  private Optional<TimeUnit> found = Optional.empty();
  private Example first;
  private Example small;
  private Kind kind;
  private Example firstOfKind;
  private final Examples zeros = new Examples();
  private final Examples days = new Examples();
  private final Examples rounded = new Examples();
  private Example timed;
  private int nanos;
  private boolean finer;
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

  /** Values that are odd among others: the first, and how many. */
  private static final class Examples {
    private Example first;
    private long count;

    private void add(RecordSource source, Slice text) {
      first = first == null ? Example.of(source, text) : first;
      count++;
    }

    private String remark(String column, String what, String readAs) {
      return "column '%s': %s %s, the first in %s"
          .formatted(column, Counted.of(count, what), readAs, first.place);
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
    this(name, unit, false, "");
  }

  /**
   * Begins a column.
   *
   * @param midnights whether a date without a time of day is midnight where others have one
   * @param help what a message says after what was expected, such as an option that helps
   */
  public TimeColumn(String name, Optional<TimeUnit> unit, boolean midnights, String help) {
    this.name = name;
    this.given = unit;
    this.midnights = midnights;
    this.help = help;
  }

  /** Reads a cell: microseconds since 1970, rounded down. */
  public long read(RecordSource source, Slice cell) {
    Slice text = cell.strip();
    boolean date = given.isEmpty() && DateText.maybeCompact(text.length());
    long simple = date ? -1 : Numbers.simpleInteger(text);
    if (simple >= 0) {
      return number(source, text, simple);
    }
    String value = text.toString();
    boolean isNumber = isNumber(value);
    Optional<DateText> found = date || !isNumber ? DateText.parse(value) : Optional.empty();
    if (found.isPresent()) {
      date(source, text, found.get());
      return kept(found.get().micros(), found.get().nanos());
    }
    if (!isNumber) {
      throw noTime(source, text);
    }
    BigDecimal number = new BigDecimal(value);
    TimeUnit unit = unit(source, text, number.doubleValue());
    if (!unit.isWholeNanos(number)) {
      rounded.add(source, text);
    }
    return exactly(source, text, unit.nanos(number));
  }

  /**
   * Days among times of day have no place in their order: midnight would put them before all else
   * of the day. They have one where every time of day is midnight, or where that is asked for.
   */
  private void date(RecordSource source, Slice text, DateText date) {
    is(date.form() == DateText.Form.ZONED ? Kind.ZONED : Kind.LOCAL, source, text);
    boolean isDay = date.form() == DateText.Form.DAY;
    if (isDay && timed != null && !midnights) {
      throw mixed(source, text, "has no time of day", timed, "has one");
    }
    if (!isDay && !date.isMidnight() && days.count > 0 && !midnights) {
      throw mixed(source, text, "has a time of day", days.first, "has none");
    }
    if (isDay) {
      days.add(source, text);
    } else if (timed == null && !date.isMidnight()) {
      timed = Example.of(source, text);
    }
  }

  private BadInputException mixed(
      RecordSource source, Slice text, String what, Example other, String otherwise) {
    return source.wrong(
        "column '%s': '%s' %s, but %s %s; expected one form in the whole column, or --midnight, which reads days as midnight%s"
            .formatted(name, text, what, other, otherwise, help));
  }

  private static boolean isNumber(String value) {
    return value.length() <= LONGEST
        && Numbers.isDecimal(value)
        && Math.abs(Double.parseDouble(value)) < LARGEST;
  }

  /** Nanoseconds within the microsecond of the time read last, 0 to 999. */
  public int nanos() {
    return nanos;
  }

  private long kept(long micros, int rest) {
    nanos = rest;
    finer |= rest != 0;
    return micros;
  }

  private long number(RecordSource source, Slice text, long number) {
    TimeUnit unit = unit(source, text, number);
    try {
      return kept(unit.micros(number), unit.nanosBeyond(number));
    } catch (ArithmeticException tooLarge) {
      throw noTime(source, text);
    }
  }

  private long exactly(RecordSource source, Slice text, BigInteger all) {
    BigInteger rest = all.mod(NANOS);
    BigInteger micros = all.subtract(rest).divide(NANOS);
    if (micros.bitLength() >= Long.SIZE) {
      throw noTime(source, text);
    }
    return kept(micros.longValue(), rest.intValue());
  }

  private BadInputException noTime(RecordSource source, Slice text) {
    return source.wrong(
        "column '%s': '%s' is not a time; %s%s".formatted(name, text, EXPECTED, help));
  }

  /** Whether a text would be a time after 1990: a date, or a number of the size of one. */
  public static boolean looksLikeOne(String text) {
    if (!Numbers.isDecimal(text)) {
      return DateText.parse(text).isPresent();
    }
    double number = Double.parseDouble(text);
    double micros =
        Math.abs(number) < LARGEST
            ? TimeUnit.of(number)
                .map(unit -> unit.nanos(BigDecimal.valueOf(number)).doubleValue() / 1000)
                .orElse(0.0)
            : 0;
    return micros > EARLIEST && micros < LATEST;
  }

  /** The unit of a number. Small ones are seconds, which {@link #finish} checks. */
  private TimeUnit unit(RecordSource source, Slice text, double number) {
    is(Kind.NUMBER, source, text);
    if (number == 0) {
      zeros.add(source, text);
    }
    return given.orElseGet(() -> foundUnit(source, text, number).orElse(TimeUnit.SECONDS));
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

  private Optional<TimeUnit> foundUnit(RecordSource source, Slice text, double number) {
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
    return unit;
  }

  /**
   * Ends the column, once all was read.
   *
   * @param log the times that are kept
   * @throws BadInputException if some numbers are times in milliseconds or less, and others too
   *     small for that
   */
  public void finish(RecordSource source, InteractionLog log) {
    TimeUnit unit = unit();
    if (small != null && given.isEmpty() && unit != TimeUnit.SECONDS) {
      throw source.wrong(
          "column '%s': %s is too small for %s, such as %s; expected one unit in the whole column, or --time-unit"
              .formatted(name, small, unit.label(), first));
    }
    for (int i = 0; log.hasTimes() && i < log.size(); i++) {
      least = Math.min(least, log.time(i));
      most = Math.max(most, log.time(i));
    }
  }

  /**
   * A remark on what is odd: zeros among times, by which many files say that there is no time, and
   * days among times of day.
   */
  public Optional<String> remark() {
    if (zeros.count > 0 && most > EARLIEST) {
      String remark = zeros.remark(name, "zero", "read as 1970-01-01");
      return Optional.of(remark + "; if 0 stands for no time, leave these lines out");
    }
    return days.count > 0 && timed != null
        ? Optional.of(days.remark(name, "date", "without a time of day read as midnight"))
        : Optional.empty();
  }

  /** A remark on times with digits beyond the nanosecond, if there are any. */
  public Optional<String> rounded() {
    return rounded.count > 0
        ? Optional.of(rounded.remark(name, "time", "finer than a nanosecond rounded to it"))
        : Optional.empty();
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
    String rest = finer ? "; ordered by nanoseconds, kept to the microsecond" : "";
    return "%s, from %s to %s%s".formatted(form, day(least), day(most), rest);
  }

  private static String day(long micros) {
    return Instant.ofEpochSecond(Times.seconds(micros)).toString().substring(0, 10);
  }
}
