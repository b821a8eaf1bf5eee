package dev.ilora.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What killed writers left: hidden files and locks that nobody holds any more. Whoever writes a
 * file or takes a lock deletes them first.
 */
final class Leftovers {
  /** Deep enough for all that has a lock of its own. */
  private static final int DEPTH = 3;

  private Leftovers() {}

  /** Clears what lies beside something that is about to be made, and in it where it is a folder. */
  static void clearAround(Path target) throws IOException {
    clear(target.toAbsolutePath().getParent());
    if (!Files.isDirectory(target)) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> all = Files.walk(target, DEPTH)) {
      folders = all.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      clear(folder);
    }
  }

  /** Clears a folder, not those in it. What others may not touch is left to its owner. */
  static void clear(Path folder) throws IOException {
    try (DirectoryStream<Path> hidden = Files.newDirectoryStream(folder, ".*")) {
      for (Path path : hidden) {
        if (WholeFile.isPartial(path)) {
          deleteIfDead(path);
        } else if (MakingLock.isLock(path)) {
          giveBackIfDead(path);
        }
      }
    } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException e) {
      // Another user's folder, or one that has just gone: nothing here is ours.
    }
  }

  private static void deleteIfDead(Path partial) throws IOException {
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        Files.deleteIfExists(partial);
      }
    } catch (AccessDeniedException | NoSuchFileException e) {
      // Another user's, or its writer has just finished.
    }
  }

  /** Does what the process that had the lock would have done last. */
  private static void giveBackIfDead(Path file) throws IOException {
    var left = MakingLock.ofDead(file);
    if (left.isPresent()) {
      try (MakingLock lock = left.get()) {
        WholeFolder.tidy(lock.target());
      }
    }
  }
}
