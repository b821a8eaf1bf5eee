package dev.ilora.testing;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;

/**
 * Reference vectors of our own, {@code src/test/resources/reference} of the module whose tests
 * compare with them. {@code scripts/reference} makes them.
 */
public final class ReferenceFiles {
  private ReferenceFiles() {}

  /** Returns the file or folder at a path below {@code reference} of the engine's module. */
  public static Path ofEngine(String relative) {
    return Path.of(System.getProperty("ilora.root", ".."))
        .resolve("ilora-engine/src/test/resources/reference")
        .resolve(relative);
  }

  /**
   * Returns the file or folder at a path below {@code reference}.
   *
   * @throws IllegalArgumentException if there is none, or it belongs to another module
   */
  public static Path of(String relative) {
    URL found = ReferenceFiles.class.getClassLoader().getResource("reference/" + relative);
    if (found == null || !found.getProtocol().equals("file")) {
      throw new IllegalArgumentException(
          "src/test/resources/reference/" + relative + ": not in this module");
    }
    return Path.of(URI.create(found.toString()));
  }
}
