package dev.ilora.data.records;

import java.util.Arrays;

/** Some consecutive records of a file: the characters of all cells in one array. */
final class RecordBatch {
  private static final int ENOUGH_RECORDS = 1 << 13;
  private static final int ENOUGH_CHARACTERS = 1 << 20;

  private char[] text = new char[1 << 12];
  private int length;
  private int[] cellEnds = new int[1 << 8];
  private int cells;
  // Cells before the end of each record, and the line on which it starts.
  private int[] recordEnds = new int[1 << 6];
  private long[] lines = new long[1 << 6];
  private int records;
  private Exception failure;

  void clear() {
    length = 0;
    cells = 0;
    records = 0;
    failure = null;
  }

  boolean isFull() {
    return records >= ENOUGH_RECORDS || length >= ENOUGH_CHARACTERS;
  }

  /** Adds a cell to the record being read. */
  void addCell(char[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, text, length, count);
    endCell(count);
  }

  /** Adds a cell to the record being read. */
  void addCell(String source, int from, int to) {
    reserve(to - from);
    source.getChars(from, to, text, length);
    endCell(to - from);
  }

  private void reserve(int count) {
    if (length + count > text.length) {
      text = Arrays.copyOf(text, 2 * (length + count));
    }
    if (cells == cellEnds.length) {
      cellEnds = Arrays.copyOf(cellEnds, 2 * cells);
    }
  }

  private void endCell(int count) {
    length += count;
    cellEnds[cells++] = length;
  }

  void endRecord(long line) {
    if (records == recordEnds.length) {
      recordEnds = Arrays.copyOf(recordEnds, 2 * records);
      lines = Arrays.copyOf(lines, 2 * records);
    }
    recordEnds[records] = cells;
    lines[records++] = line;
  }

  /** Notes why no more could be read. */
  void fail(Exception why) {
    failure = why;
  }

  /** Why the file could not be read beyond these records, or null. */
  Exception failure() {
    return failure;
  }

  int records() {
    return records;
  }

  long line(int index) {
    return lines[index];
  }

  int cellCount(int index) {
    return recordEnds[index] - firstCell(index);
  }

  Slice cell(int index, int cell) {
    int at = firstCell(index) + cell;
    return new Slice(text, at == 0 ? 0 : cellEnds[at - 1], cellEnds[at]);
  }

  private int firstCell(int index) {
    return index == 0 ? 0 : recordEnds[index - 1];
  }
}
