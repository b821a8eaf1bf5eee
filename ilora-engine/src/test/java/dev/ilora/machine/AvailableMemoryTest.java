package dev.ilora.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
  @TempDir private Path folder;
  private Path system;

  @BeforeEach
  void writeSystem() throws IOException {
    system = folder.resolve("meminfo");
    Files.writeString(system, "MemTotal:  9000 kB\nMemFree: 10 kB\nMemAvailable:   4000 kB\n");
  }

  private void group(String limit) throws IOException {
    Files.writeString(folder.resolve("memory.max"), limit + "\n");
    Files.writeString(folder.resolve("memory.current"), "1000000\n");
    Files.writeString(folder.resolve("memory.stat"), "anon 7\ninactive_file 300000\n");
  }

  @Test
  void whatTheSystemEstimatesIsAvailable() throws IOException {
    assertEquals(OptionalLong.of(4_096_000), AvailableMemory.bytes(system, folder));
    group("max");
    assertEquals(OptionalLong.of(4_096_000), AvailableMemory.bytes(system, folder));
  }

  @Test
  void aContainerMayHaveLess() throws IOException {
    group("2000000");
    assertEquals(OptionalLong.of(1_300_000), AvailableMemory.bytes(system, folder));
    group("500000");
    assertEquals(OptionalLong.of(0), AvailableMemory.bytes(system, folder));
  }

  @Test
  void otherSystemsDoNotTell() throws IOException {
    assertEquals(OptionalLong.empty(), AvailableMemory.bytes(folder.resolve("none"), folder));
    Files.writeString(system, "MemTotal: 1 kB\n");
    assertThrows(IllegalStateException.class, () -> AvailableMemory.bytes(system, folder));
  }
}
