package dev.ilora.files;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.RunContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time make or change something on disk. The lock is one of the
 * system on a hidden file beside it, which names who has it; it ends with its process, however that
 * ends. The thread that has it may take it again. Who takes it first deletes what killed processes
 * left around.
 */
public final class MakingLock implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  /** A neighbour that only looks at the folder is done by then. */
  private static final long PATIENCE_MILLIS = 1000;

  /** Beyond the text, which others may then read on every system. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final String SUFFIX = ".lock";
  private static final String OWNER = "process \\d+ on .* since \\S+";

  /** Locks of the system do not hold between the threads of a process. */
  private static final Map<Path, MakingLock> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path target;
  private final Path file;
  private final ReentrantLock threads = new ReentrantLock();
  private FileChannel channel;
  private volatile String owner = "";

  private MakingLock(Path target) {
    this.target = target;
    this.file = target.resolveSibling("." + target.getFileName() + SUFFIX);
  }

  /** Waits until nobody else makes what will be at a path; for what takes a moment. */
  public static MakingLock of(Path target) {
    return waiting(target, RunContext.silent(InstantSource.system()));
  }

  /**
   * Waits until nobody else makes what will be at a path, and tells who does.
   *
   * @throws InterruptedRunException if the user stopped it
   */
  public static MakingLock waiting(Path target, RunContext context) {
    MakingLock lock = at(target);
    boolean told = false;
    while (!lock.taken(PAUSE_MILLIS)) {
      if (!told) {
        context.progress().update("waiting", 0, 0, target + " " + lock.owner);
        told = true;
      }
      if (context.interruption().requested()) {
        throw new InterruptedRunException(
            "Stopped while waiting for %s, which %s".formatted(target, lock.owner));
      }
    }
    return lock;
  }

  /**
   * Takes what is at a path.
   *
   * @throws BadInputException if somebody else has it, naming the process
   */
  public static MakingLock refusing(Path target) {
    MakingLock lock = at(target);
    if (!lock.taken(PATIENCE_MILLIS)) {
      throw new BadInputException(
          target, lock.owner + ": wait until that is done, or choose another name");
    }
    return lock;
  }

  private static MakingLock at(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute.getParent());
      Path real = absolute.getParent().toRealPath().resolve(absolute.getFileName());
      return OF_THIS_PROCESS.computeIfAbsent(real, MakingLock::new);
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": cannot be locked: " + e.getMessage(), e);
    }
  }

  /** Whether a file has the name of a lock. */
  static boolean isLock(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(SUFFIX) && name.length() > SUFFIX.length() + 1;
  }

  /**
   * Takes the lock that a killed process left; gives nothing where its process lives or the file is
   * no lock of this program.
   */
  static Optional<MakingLock> ofDead(Path file) throws IOException {
    String name = file.getFileName().toString();
    MakingLock lock = at(file.resolveSibling(name.substring(1, name.length() - SUFFIX.length())));
    if (!lock.threads.tryLock()) {
      return Optional.empty();
    }
    boolean taken = false;
    try {
      taken = lock.channel == null && Files.readString(file).matches(OWNER) && lock.takenAtOnce();
      return taken ? Optional.of(lock) : Optional.empty();
    } catch (AccessDeniedException | CharacterCodingException | NoSuchFileException e) {
      return Optional.empty(); // another user's or another program's, or just given back
    } finally {
      if (!taken) {
        lock.threads.unlock();
      }
    }
  }

  /** What is locked. */
  Path target() {
    return target;
  }

  /** Whether this is the first of the holds this thread has. */
  public boolean outermost() {
    return threads.getHoldCount() == 1;
  }

  private boolean taken(long patienceMillis) {
    try {
      if (!threads.tryLock(patienceMillis, TimeUnit.MILLISECONDS)) {
        owner = "is in use by another part of this process";
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("Stopped while waiting for " + target);
    }
    if (channel != null) {
      return true;
    }
    boolean taken = false;
    try {
      taken = takenFromOthers(patienceMillis);
      owner = taken ? "" : readOwner();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be locked: " + e.getMessage(), e);
    } finally {
      if (!taken) {
        threads.unlock();
      }
    }
    if (taken) {
      clear();
    }
    return taken;
  }

  /** Deletes what those left who had it before and were killed. */
  private void clear() {
    boolean cleared = false;
    try {
      Leftovers.clearAround(target);
      cleared = true;
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": cannot be cleared: " + e.getMessage(), e);
    } finally {
      if (!cleared) {
        close();
      }
    }
  }

  private boolean takenFromOthers(long patienceMillis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    try {
      while (!takenAtOnce()) {
        if (System.nanoTime() > end) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS / 4);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("Stopped while waiting for " + target);
    }
  }

  /**
   * Whoever gives the lock back deletes its file. A lock of a file that is deleted by then is none,
   * so the file must be the same before it is opened and after it is locked.
   */
  private boolean takenAtOnce() throws IOException {
    Optional<Object> before = identity();
    if (before.isEmpty()) {
      FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
      before = identity();
    }
    FileChannel opened;
    try {
      opened = FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return false;
    }
    boolean taken = false;
    try {
      boolean same = before.equals(identity());
      taken = opened.tryLock(LOCKED_BYTE, 1, false) != null && same && before.equals(identity());
      if (taken) {
        opened.truncate(0);
        opened.write(ByteBuffer.wrap(thisProcess().getBytes(StandardCharsets.UTF_8)), 0);
        channel = opened;
      }
      return taken;
    } finally {
      if (!taken) {
        opened.close();
      }
    }
  }

  /** What tells the file from a later one of its name; empty where there is none. */
  private Optional<Object> identity() throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return Optional.of(Objects.requireNonNullElse(key, file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String thisProcess() throws IOException {
    return "process %s on %s since %s"
        .formatted(
            ProcessHandle.current().pid(),
            host(),
            InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String host() throws IOException {
    Path named = Path.of("/proc/sys/kernel/hostname");
    return Files.isReadable(named)
        ? Files.readString(named).strip()
        : java.net.InetAddress.getLocalHost().getHostName();
  }

  /**
   * Who has it, in words. Closing a file takes this process's locks of it away, so only the thread
   * that may lock it reads it.
   */
  private String readOwner() throws IOException {
    try {
      String text = Files.readString(file).strip();
      return "is in use by " + (text.isEmpty() ? "another process" : text);
    } catch (NoSuchFileException e) {
      return "is in use by another process";
    }
  }

  @Override
  public void close() {
    try {
      if (outermost()) {
        FileChannel held = channel;
        channel = null;
        try (held) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be given back: " + e.getMessage(), e);
    } finally {
      threads.unlock();
    }
  }
}
