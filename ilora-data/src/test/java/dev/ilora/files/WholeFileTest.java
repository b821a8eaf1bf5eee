package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is the new one or the former one, and nothing lies beside it. */
class WholeFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesAFileAndMakesItsFolder() throws IOException {
    Path file = folder.resolve("deep/er/a.txt");
    WholeFile.write(file, "long before");
    WholeFile.write(file, "später");
    assertEquals("später", Files.readString(file));
    assertEquals(List.of("deep"), names());
  }

  @Test
  void aWriterThatFailsLeavesTheFormerFile() throws IOException {
    Path file = folder.resolve("a.txt");
    WholeFile.write(file, "former");
    assertThrows(
        IllegalStateException.class,
        () ->
            WholeFile.write(
                file,
                out -> {
                  out.write(new byte[1 << 17]);
                  throw new IllegalStateException("midway");
                }));
    String message =
        assertThrows(
                UncheckedIOException.class,
                () ->
                    WholeFile.write(
                        file,
                        out -> {
                          throw new IOException("disk full");
                        }))
            .getMessage();
    assertEquals(file + ": cannot be written: disk full", message);
    assertEquals("former", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void namesAPlaceThatCannotHoldIt() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x").resolve("a.txt");
    String message =
        assertThrows(UncheckedIOException.class, () -> WholeFile.write(file, "y")).getMessage();
    assertTrue(message.startsWith(file + ": cannot be written: "), message);
  }
}
