package dev.ilora;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets long work end in order when the user presses Ctrl-C or the system sends SIGTERM. Work that
 * can save its state opens a {@linkplain #guard guarded part} and polls {@link #requested} between
 * steps; when it answers true the work writes its checkpoint and throws {@link
 * InterruptedRunException}.
 *
 * <pre>{@code
 * try (var part = interruption.guard()) {
 *   while (step < steps) {
 *     ...
 *     if (interruption.requested()) {
 *       checkpoint.write();
 *       throw new InterruptedRunException("Stopped at step " + step + "; resume with ...");
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>With {@link #onSignals} the process outlives the signal until all guarded parts are closed,
 * then exits with 130; where none is open it exits at once. {@link #never} serves library callers
 * and tests. All methods may be called from any thread.
 */
public final class Interruption implements AutoCloseable {
  /** Exit code of a process the user interrupted. */
  public static final int EXIT_CODE = 130;

  private static final long GUARD_LIMIT_SECONDS = 300;
  private static final long CLOSE_LIMIT_SECONDS = 5;

  /** A part of the work that must not be cut off. */
  public interface Part extends AutoCloseable {
    /** Ends the part. */
    @Override
    void close();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean requested;
  private int openParts;
  private boolean closed;

  private Interruption() {}

  /** An interruption no signal triggers; {@link #request} still does. */
  public static Interruption never() {
    return new Interruption();
  }

  /** An interruption triggered by SIGINT and SIGTERM from now on, until {@link #close}. */
  public static Interruption onSignals() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::endProcess, "interruption"));
    return interruption;
  }

  /** Whether the user asked to stop. */
  public boolean requested() {
    return requested;
  }

  /** Asks the work to stop, as a signal does. */
  public void request() {
    requested = true;
  }

  /** Opens a part that a signal waits for; the caller closes it when its state is safe. */
  public Part guard() {
    changeParts(1);
    return new Part() {
      private boolean open = true;

      @Override
      public void close() {
        if (open) {
          open = false;
          changeParts(-1);
        }
      }
    };
  }

  /** Tells that all work is done and said: a signal's exit need not wait any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void changeParts(int by) {
    lock.lock();
    try {
      openParts += by;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Runs as a shutdown hook: after a signal, and at the end of every process. */
  private void endProcess() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      request();
      awaitWork();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  private void awaitWork() throws InterruptedException {
    if (openParts == 0) {
      return;
    }
    long left = TimeUnit.SECONDS.toNanos(GUARD_LIMIT_SECONDS);
    while (openParts > 0 && left > 0) {
      left = changed.awaitNanos(left);
    }
    left = TimeUnit.SECONDS.toNanos(CLOSE_LIMIT_SECONDS);
    while (!closed && left > 0) {
      left = changed.awaitNanos(left);
    }
  }
}
