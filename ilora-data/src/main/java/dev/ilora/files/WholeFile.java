package dev.ilora.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file whole or not at all: beside its place first, onto the disk, then moved there. */
public final class WholeFile {
  /** What the name of a file ends with until it is whole. */
  public static final String PARTIAL = ".partial";

  private WholeFile() {}

  /** What goes into a file; leaves the stream open. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file and the folders it needs; after a failure the former file is as it was.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void write(Path file, Content content) {
    Path partial = file.resolveSibling(file.getFileName() + PARTIAL);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try {
        writeAndSync(partial, content);
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** The same for bytes. */
  public static void write(Path file, byte[] content) {
    write(file, out -> out.write(content));
  }

  /** The same for text, in UTF-8. */
  public static void write(Path file, CharSequence content) {
    write(file, content.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void writeAndSync(Path file, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }
}
