package dev.ilora.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Removes what a bench wrote. */
final class TemporaryFolder {
  private TemporaryFolder() {}

  /** Deletes a folder with all it holds. */
  static void delete(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
