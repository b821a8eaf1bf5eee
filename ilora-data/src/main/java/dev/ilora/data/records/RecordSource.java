package dev.ilora.data.records;

import dev.ilora.BadInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** A file read record by record, which can say where it is when one is wrong. */
public interface RecordSource {
  /** A mistake in the record read last: path, line, message and the record's text. */
  BadInputException wrong(String message);

  /** Adds an item; its mistakes become mistakes of this record. */
  default void add(ItemTable catalogue, String key, String title, Map<String, String> attributes) {
    try {
      catalogue.add(key, title, attributes);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  /** A finite number. */
  default float number(Slice cell, String column) {
    try {
      float simple = Numbers.simpleDecimal(cell);
      float value = Float.isNaN(simple) ? Float.parseFloat(cell.toString()) : simple;
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(column + " is not a number: '" + cell + "'");
    }
    throw wrong(column + " is not finite: '" + cell + "'");
  }

  /** Seconds since 1970, a fraction dropped; also an ISO date or instant in UTC. */
  default long seconds(Slice cell, String column) {
    long simple = Numbers.simpleInteger(cell);
    return simple < 0 ? anySeconds(cell, column) : simple;
  }

  private long anySeconds(Slice cell, String column) {
    String text = cell.strip().toString();
    try {
      return text.indexOf('.') < 0 && text.indexOf('e') < 0
          ? Long.parseLong(text)
          : (long) Double.parseDouble(text);
    } catch (NumberFormatException notNumber) {
      try {
        return text.length() == 10
            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond()
            : Instant.parse(text).getEpochSecond();
      } catch (DateTimeException notDate) {
        throw wrong(column + " is not a time: '" + cell + "'");
      }
    }
  }
}
