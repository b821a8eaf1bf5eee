package dev.ilora.data.records;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Spliterator;

/**
 * Takes a CSV file apart with FastCSV, whose characters go to the batch as they are: without a
 * string a cell it is nearly twice as fast.
 */
public final class CsvRecords implements RecordStream.Parser {
  private final Handler handler = new Handler();
  private final CsvReader<Handler> reader;
  private final Spliterator<Handler> records;

  public CsvRecords(Path file) throws IOException {
    this.reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .build(handler, file);
    this.records = reader.spliterator();
  }

  @Override
  public boolean parse(RecordBatch batch) {
    handler.batch = batch;
    return records.tryAdvance(record -> {});
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Adds cells to the batch as they come; bounded as FastCSV's own records are. */
  private static final class Handler extends AbstractBaseCsvCallbackHandler<Handler> {
    private static final int MOST_CELLS = 1 << 14;
    private static final int LONGEST_RECORD = 1 << 26;

    private RecordBatch batch;
    private int length;

    @Override
    protected void handleBegin(long line) {
      length = 0;
    }

    @Override
    protected void handleField(int cell, char[] source, int offset, int count, boolean quoted) {
      length += count;
      if (cell >= MOST_CELLS || length > LONGEST_RECORD) {
        throw new CsvParseException("record without an end");
      }
      batch.addCell(source, offset, count);
    }

    @Override
    protected Handler buildRecord() {
      if (getRecordType() == RecordType.DATA) {
        batch.endRecord(getStartingLineNumber());
      }
      return this;
    }
  }
}
