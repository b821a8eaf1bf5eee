package dev.ilora.http;

import dev.ilora.Interruption;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The body of an answer. Reading it ends when nothing comes for too long, and when the user wants
 * to stop: the body is closed then, from another thread, because reading may wait for ever.
 */
final class WatchedBody extends FilterInputStream {
  private final Duration patience;
  private final Interruption interruption;
  private final Thread watcher;
  private volatile long moved = System.nanoTime();
  private volatile boolean stalled;

  WatchedBody(InputStream body, Duration patience, Interruption interruption) {
    super(body);
    this.patience = patience;
    this.interruption = interruption;
    this.watcher = Thread.ofVirtual().name("body-watch").start(this::watch);
  }

  private void watch() {
    try {
      while (!interruption.requested() && !stalled) {
        Thread.sleep(Pause.GLANCE);
        stalled = System.nanoTime() - moved > patience.toNanos();
      }
      in.close();
    } catch (InterruptedException | IOException e) {
      // Closed by its reader, or broken already: the reader will be told.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    try {
      moved = System.nanoTime();
      int count = in.read(bytes, from, length);
      checkEnd(count < 0);
      return count;
    } catch (IOException e) {
      checkEnd(true);
      throw new IOException("the connection broke: " + e.getMessage(), e);
    }
  }

  private void checkEnd(boolean ended) throws IOException {
    Stopped.check(interruption);
    if (ended && stalled) {
      throw new IOException("nothing came for " + patience.toSeconds() + " s");
    }
  }

  @Override
  public void close() throws IOException {
    watcher.interrupt();
    super.close();
  }
}
