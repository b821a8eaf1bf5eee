package dev.ilora.data.records;

import java.time.Duration;

/** Interrupts a thread whose call into a library does not come back in time. */
final class StallWatch implements AutoCloseable {
  private final long patience;
  private final Thread watcher;
  private volatile Thread watched;
  private volatile long since;
  private volatile boolean stalled;

  StallWatch(Duration patience) {
    this.patience = patience.toNanos();
    this.watcher = Thread.ofVirtual().name("stall-watch").start(this::watch);
  }

  /** A call that is being watched, until it is closed. */
  interface Span extends AutoCloseable {
    @Override
    void close();
  }

  /** Begins to watch this thread. */
  Span begin() {
    since = System.nanoTime();
    watched = Thread.currentThread();
    return () -> watched = null;
  }

  /** Whether a call took too long. */
  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(Duration.ofNanos(patience / 4));
        Thread slow = watched;
        if (slow != null && System.nanoTime() - since > patience) {
          stalled = true;
          slow.interrupt();
        }
      }
    } catch (InterruptedException e) {
      // Closed: there is nothing left to watch.
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
