package dev.ilora.runs;

import dev.ilora.files.Hashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * The record of a run that is going on. It is changed in memory and written whole by {@link
 * #flush}, which whoever runs calls where a phase ends: what a crash loses is what its phase would
 * have to find out again. One per run and process; safe for use by several threads.
 */
public final class LiveRecord {
  private final RunFolder folder;
  private RunRecord now;
  private RunRecord written;

  private LiveRecord(RunFolder folder, RunRecord now) {
    this.folder = folder;
    this.now = now;
    this.written = now;
  }

  /**
   * Takes up the record in a run's folder.
   *
   * @throws dev.ilora.BadInputException if there is none or it cannot be read
   */
  public static LiveRecord of(RunFolder folder) {
    return new LiveRecord(folder, folder.record());
  }

  /** The record as it is now, written or not. */
  public synchronized RunRecord now() {
    return now;
  }

  /** Changes the record in memory. */
  public synchronized void change(UnaryOperator<RunRecord> change) {
    now = change.apply(now);
  }

  /**
   * Writes a file of the run with its hash in the record: later readers tell it from another run's.
   * Meanwhile the record has no hash of it.
   *
   * @param flush writes the record
   */
  public void piece(Path file, Runnable flush, Runnable work) {
    RunRecord before = now();
    change(record -> record.withoutPiece(folder.nameOf(file)));
    if (!now().equals(before)) {
      flush.run();
    }
    work.run();
    if (Files.exists(file)) {
      String sha256 = Hashes.sha256(file);
      change(record -> record.withPiece(folder.nameOf(file), sha256));
      flush.run();
    }
  }

  /** Writes the record as it is now. */
  public synchronized void flush() {
    written = now;
    folder.write(now);
  }

  /**
   * Writes the record as it is now, with what the phase that goes on has taken so far. Done before
   * the files of a phase appear, so that whoever finds them finds what they cost.
   */
  public synchronized void flush(Phase phase, Cost soFar) {
    written = now;
    folder.write(now.plus(phase, soFar));
  }

  /**
   * Writes what the phase that goes on has taken so far, and nothing else that has changed since
   * the last flush: should the process be killed, its time is not lost.
   */
  public synchronized void keepCost(Phase phase, Cost soFar) {
    folder.write(written.plus(phase, soFar));
  }

  /** Takes up what is in the folder, where another process may have gone on. */
  public synchronized void reload() {
    now = folder.record();
    written = now;
  }
}
