package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.Printable;
import dev.ilora.files.JsonFields;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A file of records as a stream of cells, with the places of its mistakes. */
abstract class RecordFile implements RecordSource, Closeable {
  final Path file;
  final RecordStream records;
  private final String separator;

  /**
   * Reads on where a stream stands.
   *
   * @param separator between the cells of a record that a message shows
   */
  RecordFile(Path file, RecordStream records, String separator) {
    this.file = file;
    this.records = records;
    this.separator = separator;
  }

  @Override
  public boolean next() throws IOException {
    return records.next();
  }

  /** A cell, valid until the next call of {@link #next}. */
  public final Slice cell(int index) {
    return records.cell(index);
  }

  /** Refuses a record of more or fewer cells. */
  public final void requireCells(int count) {
    requireCells(count, "");
  }

  final void requireCells(int count, String cause) {
    if (records.cellCount() != count) {
      String shown = JsonFields.shown(String.join(separator, records.cells()));
      throw wrong(
          "expected %s cells, found %s%s: %s"
              .formatted(count, records.cellCount(), cause, Printable.lines(shown)));
    }
  }

  @Override
  public final long line() {
    return records.line();
  }

  @Override
  public final BadInputException wrong(String message) {
    return records.ended()
        ? new BadInputException(file, message)
        : new BadInputException(file, line(), message);
  }

  @Override
  public final void close() throws IOException {
    records.close();
  }
}
