package dev.ilora.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Reference vectors and data sets that stand beside the checkout; tests that need them are skipped
 * without.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** Returns the file or folder at a path below the shared folder, or skips the test. */
  public static Path require(String relative) {
    Path path =
        Path.of(System.getProperty("ilora.shared", "../../shared")).resolve(relative).normalize();
    Assumptions.assumeTrue(Files.exists(path), "skipped: needs " + path);
    return path;
  }
}
