package dev.ilora.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeakMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path folder;

  private static void use(int mebibytes) {
    Tensor.zeros(mebibytes * MIB / Float.BYTES).fillInPlace(1).close();
  }

  @Test
  void thePeakIsThatOfMemoryFreedMeanwhile() throws InterruptedException {
    Assumptions.assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "needs /proc");
    // this process's collector gives back heap in the background: let it finish
    PeakMemory.of(() -> use(1));
    Thread.sleep(1_000);
    long large = PeakMemory.of(() -> use(300)).orElseThrow();
    long small = PeakMemory.of(() -> use(20)).orElseThrow();
    assertTrue(large > 200 * MIB, large + " bytes for 300 MiB");
    assertTrue(small < 100 * MIB, "an earlier peak is not forgotten: " + small + " bytes for 20");
  }

  @Test
  void nothingIsMadeUpWhereTheSystemDoesNotTell() {
    assertEquals(Optional.empty(), PeakMemory.begin(folder));
  }
}
