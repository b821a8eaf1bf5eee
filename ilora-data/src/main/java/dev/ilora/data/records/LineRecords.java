package dev.ilora.data.records;

import dev.ilora.files.TextLines;
import java.io.BufferedReader;
import java.io.IOException;

/** Parts lines at a delimiter. */
final class LineRecords implements RecordStream.Parser {
  private final TextLines lines;
  private final String delimiter;

  LineRecords(BufferedReader reader, String delimiter) {
    this.lines = new TextLines(reader);
    this.delimiter = delimiter;
  }

  @Override
  public boolean parse(RecordBatch batch) throws IOException {
    String text = lines.next();
    if (text == null) {
      return false;
    }
    int from = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
      batch.addCell(text, from, at);
      from = at + delimiter.length();
    }
    batch.addCell(text, from, text.length());
    batch.endRecord(lines.line());
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
