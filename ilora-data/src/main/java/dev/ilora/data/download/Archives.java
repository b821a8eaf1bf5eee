package dev.ilora.data.download;

import dev.ilora.files.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks zip archives. */
final class Archives {
  private Archives() {}

  /**
   * Unpacks into a folder that must not be there yet and appears whole or not at all. If all files
   * lie in one folder of the archive, its contents are taken.
   *
   * @throws DownloadException for an archive that is no zip, is empty, or has an entry that would
   *     leave the folder
   */
  static void unpack(Path archive, Path target) throws IOException {
    Path draft = target.resolveSibling("." + target.getFileName() + ".unpacking");
    Folders.delete(draft);
    try {
      Files.createDirectories(draft);
      if (extract(archive, draft) == 0) {
        throw new DownloadException(archive + ": not a zip archive, or an empty one");
      }
      List<Path> top = children(draft);
      boolean wrapped = top.size() == 1 && Files.isDirectory(top.getFirst());
      Files.move(wrapped ? top.getFirst() : draft, target);
    } finally {
      Folders.delete(draft);
    }
  }

  private static int extract(Path archive, Path folder) throws IOException {
    int files = 0;
    try (InputStream in = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
          throw new DownloadException(
              archive + ": entry '" + entry.getName() + "' would leave the folder");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(zip, path);
          files++;
        }
      }
    }
    return files;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.filter(p -> !p.getFileName().toString().equals("__MACOSX")).toList();
    }
  }
}
