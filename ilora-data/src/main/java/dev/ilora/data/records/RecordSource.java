package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.files.Mistakes;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/** A file read record by record, which can say where it is when one is wrong. */
public interface RecordSource {
  /** Moves to the next record; false at the end. */
  boolean next() throws IOException;

  /** The line of the record read last, from 1. */
  long line();

  /** A mistake in the record read last: path, line and message. */
  BadInputException wrong(String message);

  /**
   * Reads all records that are left.
   *
   * @throws BadInputException with all mistakes of the file, once it was read to its end
   */
  default void each(Mistakes.Action action) throws IOException {
    Mistakes mistakes = new Mistakes();
    try {
      while (next()) {
        mistakes.collect(action);
      }
    } catch (BadInputException unreadable) {
      throw mistakes.endingWith(unreadable);
    }
    mistakes.throwAny();
  }

  /** Makes something of the record read last; what is refused is a mistake of this record. */
  default <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  /** The same for what makes nothing. */
  default void check(Runnable use) {
    checked(
        () -> {
          use.run();
          return null;
        });
  }

  /** Adds an item; its mistakes become mistakes of this record. */
  default void add(ItemTable catalogue, String key, String title, Map<String, String> attributes) {
    check(() -> catalogue.add(key, title, attributes, line()));
  }

  /** A finite number. */
  default float number(Slice cell, String column) {
    return number(cell, column, "");
  }

  /**
   * A finite number.
   *
   * @param help what a message says after what was expected, such as an option that helps
   */
  default float number(Slice cell, String column, String help) {
    float simple = Numbers.simpleDecimal(cell);
    if (!Float.isNaN(simple)) {
      return simple;
    }
    String text = cell.strip().toString();
    float value = Numbers.isDecimal(text) ? Float.parseFloat(text) : Float.NaN;
    if (Float.isFinite(value)) {
      return value;
    }
    throw wrong(
        "column '%s': '%s' is not a number; expected one such as 4 or 3.5%s"
            .formatted(column, cell, help));
  }
}
