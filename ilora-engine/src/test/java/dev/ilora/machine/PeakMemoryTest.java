package dev.ilora.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeakMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path folder;

  /** Measures in a process that does nothing else, as the class asks for. */
  static final class Measuring {
    private Measuring() {}

    /** Prints the peaks of using 300 and 20 MiB, in bytes. */
    public static void main(String[] args) {
      PeakMemory.of(() -> use(1));
      System.out.println(PeakMemory.of(() -> use(300)).orElseThrow());
      System.out.println(PeakMemory.of(() -> use(20)).orElseThrow());
    }

    private static void use(int mebibytes) {
      Tensor.zeros(mebibytes * MIB / Float.BYTES).fillInPlace(1).close();
    }
  }

  @Test
  void thePeakIsThatOfMemoryFreedMeanwhile() throws Exception {
    Assumptions.assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "needs /proc");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Measuring.class.getName())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    List<Long> peaks = process.inputReader().lines().map(Long::valueOf).toList();
    assertEquals(0, process.waitFor(), () -> errors());
    long large = peaks.get(0);
    long small = peaks.get(1);
    assertTrue(large > 200 * MIB, large + " bytes for 300 MiB");
    assertTrue(small < 100 * MIB, "an earlier peak is not forgotten: " + small + " bytes for 20");
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void nothingIsMadeUpWhereTheSystemDoesNotTell() {
    assertEquals(Optional.empty(), PeakMemory.begin(folder));
  }
}
