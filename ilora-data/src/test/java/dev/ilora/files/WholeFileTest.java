package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
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
  void whatIsNoRegularFileIsNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
    List<String> before = names();
    String special = ": cannot be written: what is there is no regular file";
    assertEquals(pipe + special, refusal(pipe));
    assertEquals(link + special, refusal(link));
    assertEquals(inside + ": cannot be written: a folder is there", refusal(inside));
    assertEquals(before, names());
    assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    assertTrue(Files.isSymbolicLink(link));
  }

  private static String refusal(Path file) {
    return assertThrows(
            UncheckedIOException.class,
            () ->
                WholeFile.write(
                    file,
                    _ -> {
                      throw new IllegalStateException("not asked for its content");
                    }))
        .getMessage();
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

  @Test
  void severalWritersAtOnceLeaveOneWholeFileAndReadersSeeNoPart() throws Exception {
    Path file = folder.resolve("a.bin");
    WholeFile.write(file, filled(0));
    AtomicBoolean writing = new AtomicBoolean(true);
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 1; writer <= 3; writer++) {
        byte[] content = filled(writer);
        writers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    WholeFile.write(
                        file,
                        out -> {
                          for (int at = 0; at < LENGTH; at += 1000) {
                            out.write(content, at, 1000);
                          }
                        });
                  }
                }));
      }
      Future<Integer> reader =
          pool.submit(
              () -> {
                int seen = 0;
                while (writing.get() || seen == 0) {
                  assertWhole(Files.readAllBytes(file));
                  seen++;
                }
                return seen;
              });
      for (Future<?> writer : writers) {
        writer.get();
      }
      writing.set(false);
      assertTrue(reader.get() > 0);
    }
    assertWhole(Files.readAllBytes(file));
    assertEquals(List.of("a.bin"), names());
  }

  private static final int LENGTH = 200_000;

  private static byte[] filled(int value) {
    byte[] content = new byte[LENGTH];
    Arrays.fill(content, (byte) value);
    return content;
  }

  private static void assertWhole(byte[] read) {
    assertArrayEquals(filled(read[0]), read);
  }

  @Test
  void whatAKilledWriterLeftIsClearedAndWhatALivingOneWritesIsNot() throws Exception {
    Path file = folder.resolve("a.txt");
    try (OtherProcess other = OtherProcess.doing("write", file)) {
      WholeFile.write(file, "mine");
      WholeFile.write(folder.resolve("b.txt"), "mine too");
      assertEquals(3, names().size(), names().toString());
      assertTrue(names().getFirst().matches("\\.a\\.txt\\..*\\.partial"), names().toString());
      other.kill();
      assertEquals("mine", Files.readString(file));
      WholeFile.write(folder.resolve("b.txt"), "again");
      assertEquals(List.of("a.txt", "b.txt"), names());
    }
  }
}
