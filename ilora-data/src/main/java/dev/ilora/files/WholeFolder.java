package dev.ilora.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a folder whole or not at all: under a hidden name beside its place first, then moved
 * there. One writer at a time; the next one clears what a killed one left, and puts back the folder
 * that it was about to replace.
 */
public final class WholeFolder {
  private static final String DRAFT = ".draft";
  private static final String FORMER = ".former";

  private WholeFolder() {}

  /** Writes the files of a folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path draft) throws IOException;
  }

  /**
   * Writes a folder, in the place of the one that is there. Before, {@code content} may refuse to
   * replace that; nobody else changes it meanwhile.
   *
   * @param content writes into a folder that is there and empty
   * @throws UncheckedIOException if the disk refuses, naming the folder; the former folder is as it
   *     was
   */
  public static void write(Path folder, Content content) {
    Path target = folder.toAbsolutePath().normalize();
    try (var _ = MakingLock.of(target)) {
      Path draft = hidden(target, DRAFT);
      Path former = hidden(target, FORMER);
      tidy(target);
      if (Files.exists(target) && !Files.isDirectory(target)) {
        throw new IOException("what is there is no folder");
      }
      try {
        Files.createDirectories(draft);
        content.writeTo(draft);
        if (Files.exists(target)) {
          Files.move(target, former);
        }
        Files.move(draft, target);
        Folders.delete(former);
      } finally {
        tidy(target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** Undoes what was not finished, for whoever has the lock of the folder. */
  static void tidy(Path target) throws IOException {
    Path former = hidden(target, FORMER);
    if (Files.exists(former) && !Files.exists(target)) {
      Files.move(former, target);
    }
    Folders.delete(former);
    Folders.delete(hidden(target, DRAFT));
  }

  private static Path hidden(Path target, String suffix) {
    return target.resolveSibling("." + target.getFileName() + suffix);
  }

  /** Whether a folder is absent or holds nothing but hidden files. */
  public static boolean isFree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, path -> !path.getFileName().toString().startsWith("."))) {
      return !entries.iterator().hasNext();
    }
  }
}
