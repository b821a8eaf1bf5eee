package dev.ilora.data.download;

import dev.ilora.Printable;
import dev.ilora.files.Folders;
import dev.ilora.files.WholeFolder;
import dev.ilora.http.DownloadException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks zip archives. An archive is read by its directory, which stands at its end: one that was
 * cut short is refused, wherever that happened.
 */
final class Archives {
  /** What macOS puts beside the files of an archive. */
  private static final String RESOURCE_FORKS = "__MACOSX";

  private static final int MOST_ENTRIES = 100_000;

  /** Logs shrink to a tenth; what grows a hundredfold was made to fill a disk. */
  private static final long MOST_GROWTH = 100;

  /** Any archive may hold as much. */
  private static final long SMALL = 64L << 20;

  private final Path archive;
  private final Path folder;
  private long left;

  private Archives(Path archive, Path folder) throws IOException {
    this.archive = archive;
    this.folder = folder;
    this.left = Math.max(SMALL, MOST_GROWTH * Files.size(archive));
  }

  /**
   * Unpacks into a folder that must not be there yet and appears whole or not at all. If all files
   * lie in one folder of the archive, its contents are taken.
   *
   * @throws DownloadException for an archive that is no zip, is empty, damaged, cut short or too
   *     large, or has an entry that would leave the folder, naming it
   */
  static void unpack(Path archive, Path target) throws IOException {
    WholeFolder.write(
        target,
        draft -> {
          if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
          }
          if (new Archives(archive, draft).extract() == 0) {
            throw new DownloadException(archive + ": not a zip archive, or an empty one");
          }
          unwrap(draft);
        });
  }

  /** Puts the contents of the only folder in a folder into its place. */
  private static void unwrap(Path draft) throws IOException {
    List<Path> top = children(draft);
    if (top.size() != 1 || !Files.isDirectory(top.getFirst())) {
      return;
    }
    Path wrap = Files.createTempDirectory(draft, "wrap").resolve("wrap");
    Files.move(top.getFirst(), wrap);
    for (Path child : children(wrap)) {
      Files.move(child, draft.resolve(child.getFileName()));
    }
    Folders.delete(wrap.getParent());
    Folders.delete(draft.resolve(RESOURCE_FORKS));
  }

  private int extract() {
    int files = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      if (zip.size() > MOST_ENTRIES) {
        throw refused("has %s entries, expected at most %s".formatted(zip.size(), MOST_ENTRIES));
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        files += extract(zip, entry);
      }
      return files;
    } catch (IOException e) {
      throw refused("not a zip archive, or damaged or cut short: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw refused("has an entry whose name cannot be read: " + e.getMessage());
    }
  }

  /** Returns the number of files unpacked. */
  private int extract(ZipFile zip, ZipEntry entry) throws IOException {
    Path path = place(entry);
    try {
      if (entry.isDirectory()) {
        Files.createDirectories(path);
        return 0;
      }
      Files.createDirectories(path.getParent());
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
        copy(entry, in, out);
      }
      return 1;
    } catch (FileAlreadyExistsException e) {
      throw refused("has the entry %s twice".formatted(shown(entry)));
    } catch (FileSystemException e) {
      throw refused("entry %s cannot be written: %s".formatted(shown(entry), e.getReason()));
    }
  }

  private Path place(ZipEntry entry) {
    Path path;
    try {
      path = folder.resolve(entry.getName()).normalize();
    } catch (InvalidPathException e) {
      throw refused("entry %s: %s".formatted(shown(entry), e.getReason()));
    }
    if (!path.startsWith(folder)) {
      throw refused("entry %s would leave the folder".formatted(shown(entry)));
    }
    return path;
  }

  private void copy(ZipEntry entry, InputStream in, OutputStream out) throws IOException {
    CRC32 sum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      left -= n;
      if (left < 0) {
        throw refused(
            "grows to more than %s times its size, at entry %s"
                .formatted(MOST_GROWTH, shown(entry)));
      }
      sum.update(buffer, 0, n);
      out.write(buffer, 0, n);
    }
    if (entry.getCrc() != sum.getValue()) {
      throw refused("entry %s is damaged: its checksum is wrong".formatted(shown(entry)));
    }
  }

  private DownloadException refused(String what) {
    return new DownloadException(archive + ": " + what);
  }

  /** A name as messages show it: control characters never reach a terminal. */
  private static String shown(ZipEntry entry) {
    return "'" + Printable.text(entry.getName()) + "'";
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.filter(p -> !p.getFileName().toString().equals(RESOURCE_FORKS)).toList();
    }
  }
}
