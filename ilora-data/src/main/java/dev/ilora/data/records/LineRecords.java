package dev.ilora.data.records;

import java.io.BufferedReader;
import java.io.IOException;

/** Parts lines at a delimiter. */
final class LineRecords implements RecordStream.Parser {
  private final BufferedReader reader;
  private final String delimiter;
  private long line;

  LineRecords(BufferedReader reader, String delimiter) {
    this.reader = reader;
    this.delimiter = delimiter;
  }

  @Override
  public boolean parse(RecordBatch batch) throws IOException {
    String text;
    do {
      text = reader.readLine();
      line++;
    } while (text != null && text.isBlank());
    if (text == null) {
      return false;
    }
    int from = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
      batch.addCell(text, from, at);
      from = at + delimiter.length();
    }
    batch.addCell(text, from, text.length());
    batch.endRecord(line);
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
