package dev.ilora.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one process at a time make something that several want; the others wait and then find it
 * made. The lock is a hidden file beside it, which stays.
 */
public final class MakingLock implements AutoCloseable {
  private static final long PAUSE_NANOS = 100_000_000;

  private final FileChannel channel;

  private MakingLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until nobody else makes what will be at a path. */
  public static MakingLock of(Path target) {
    Path file = target.resolveSibling("." + target.getFileName() + ".lock");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (!taken(channel)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return new MakingLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be locked: " + e.getMessage(), e);
    }
  }

  private static boolean taken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a lock cannot be given back: " + e.getMessage(), e);
    }
  }
}
