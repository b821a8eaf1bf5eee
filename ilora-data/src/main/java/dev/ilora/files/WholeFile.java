package dev.ilora.files;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Writes a file whole or not at all: under a hidden name of its own beside its place first, onto
 * the disk, then moved there. Several writers of one file each have their own name; the last one to
 * finish stays. A writer holds a lock of the system on its hidden file, so that the next writer can
 * tell what a killed one left in the folder, and deletes it.
 */
public final class WholeFile {
  /** What the hidden name of a file ends with until it is whole. */
  public static final String PARTIAL = ".partial";

  private static final Pattern HIDDEN =
      Pattern.compile("\\..+\\.\\d+--?[0-9a-z]+-\\d+\\Q" + PARTIAL + "\\E");

  /** This process: the number alone may be that of another process in another container. */
  private static final String PROCESS =
      ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);

  private static final AtomicLong COUNT = new AtomicLong();

  private WholeFile() {}

  /** What goes into a file; leaves the stream open. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** What is done when a file is on the disk and not yet in its place. */
  @FunctionalInterface
  interface Before {
    void moved(String sha256, long length) throws IOException;
  }

  /**
   * Writes a file and the folders it needs; after a failure the former file is as it was.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void write(Path file, Content content) {
    write(file, content, (_, _) -> {});
  }

  /** The same for bytes. */
  public static void write(Path file, byte[] content) {
    write(file, out -> out.write(content));
  }

  /** The same for text, in UTF-8. */
  public static void write(Path file, CharSequence content) {
    write(file, content.toString().getBytes(StandardCharsets.UTF_8));
  }

  static void write(Path file, Content content, Before before) {
    try {
      requireReplaceable(file);
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Leftovers.clear(folder);
      Path partial = hidden(file);
      try (FileChannel channel = own(partial)) {
        writeAndSync(channel, content, before);
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + reason(e, file), e);
    }
  }

  /**
   * Refuses to put a file in the place of something else: a folder, a device, a pipe.
   *
   * @throws IOException if something is there and is no regular file
   */
  public static void requireReplaceable(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file) ? "a folder is there" : "what is there is no regular file");
    }
  }

  /** An exception of the file system names a hidden file, which says nothing to a reader. */
  private static String reason(IOException e, Path file) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> file.toAbsolutePath().getParent() + " is a file";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> e.getMessage();
    };
  }

  /**
   * Checks that files can be written in a folder that is there.
   *
   * @throws IOException if they cannot
   */
  public static void probe(Path folder) throws IOException {
    Path partial = hidden(folder.resolve("probe"));
    try (var _ = own(partial)) {
      Files.delete(partial);
    }
  }

  private static Path hidden(Path file) {
    return file.resolveSibling(
        "." + file.getFileName() + "." + PROCESS + "-" + COUNT.incrementAndGet() + PARTIAL);
  }

  /** Makes a hidden file that another writer does not take for one of a killed process. */
  private static FileChannel own(Path partial) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        channel.tryLock();
      } catch (IOException e) {
        // This disk has no locks: nobody will get one either, and the file stays ours.
      }
      if (Files.exists(partial)) {
        return channel;
      }
      channel.close(); // deleted by another writer before it was locked
    }
  }

  /** Whether a file is one that another process has not finished, or never will. */
  static boolean isPartial(Path path) {
    String name = path.getFileName().toString();
    return HIDDEN.matcher(name).matches() && !name.contains(PROCESS);
  }

  private static void writeAndSync(FileChannel channel, Content content, Before before)
      throws IOException {
    MessageDigest digest = Hashes.sha256();
    OutputStream file = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    OutputStream out = new DigestOutputStream(unclosed(file), digest);
    content.writeTo(out);
    file.flush();
    channel.force(true);
    before.moved(Hashes.hex(digest.digest()), channel.position());
  }

  /** Closing the stream would give the lock back too early. */
  private static OutputStream unclosed(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
