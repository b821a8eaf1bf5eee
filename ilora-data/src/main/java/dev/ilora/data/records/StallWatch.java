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
    return this::end;
  }

  private synchronized void end() {
    watched = null;
  }

  /** Whether a call took too long. */
  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(Duration.ofNanos(patience / 4));
        interruptStalled();
      }
    } catch (InterruptedException e) {
      // Closed: there is nothing left to watch.
    }
  }

  private synchronized void interruptStalled() {
    if (watched != null && System.nanoTime() - since > patience) {
      stalled = true;
      watched.interrupt();
    }
  }

  /**
   * Interrupts this thread if a call took too long, so that what it closes now does not wait for
   * what does not end.
   */
  void hurry() {
    if (stalled) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the watch; the thread goes on without the interruption, which was meant for the call. */
  @Override
  public void close() {
    watcher.interrupt();
    if (stalled) {
      Thread.interrupted();
    }
  }
}
