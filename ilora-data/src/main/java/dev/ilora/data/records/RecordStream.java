package dev.ilora.data.records;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The records of a file one by one, in order; they are read ahead on another thread. */
public final class RecordStream implements Closeable {
  /** Takes a file apart. */
  interface Parser extends Closeable {
    /** Adds the next record to a batch; false at the end of the file. */
    boolean parse(RecordBatch batch) throws IOException;
  }

  private final Parser parser;
  private final DoubleBuffer<RecordBatch> batches;
  private RecordBatch batch = new RecordBatch();
  private int index = -1;
  private boolean ended;

  public RecordStream(Parser parser) {
    this.parser = parser;
    this.batches = new DoubleBuffer<>(new RecordBatch(), batch, this::fill);
  }

  private void fill(RecordBatch batch) {
    batch.clear();
    try {
      while (!batch.isFull() && parser.parse(batch)) {}
    } catch (IOException | RuntimeException e) {
      batch.fail(e);
    }
  }

  /**
   * Moves to the next record; false at the end.
   *
   * @throws IOException what the parser threw, after all records before
   */
  public boolean next() throws IOException {
    index++;
    while (!ended && index == batch.records()) {
      rethrow(batch.failure());
      batch = batches.next();
      index = 0;
      ended = batch.records() == 0 && batch.failure() == null;
    }
    return !ended;
  }

  private static void rethrow(Exception failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** True once {@link #next} was false. */
  boolean ended() {
    return ended;
  }

  /** The line on which the record starts, from 1. */
  public long line() {
    return batch.line(index);
  }

  public int cellCount() {
    return batch.cellCount(index);
  }

  /** A cell of the record, valid until the next call of {@link #next}. */
  public Slice cell(int cell) {
    return batch.cell(index, cell);
  }

  /** The cells as text. */
  public List<String> cells() {
    return IntStream.range(0, cellCount()).mapToObj(c -> cell(c).toString()).toList();
  }

  @Override
  public void close() throws IOException {
    batches.close();
    parser.close();
  }
}
