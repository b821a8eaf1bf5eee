package dev.ilora.data.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.http.DownloadException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
  @TempDir Path folder;
  private Path archive;

  @BeforeEach
  void name() {
    archive = folder.resolve("a.zip");
  }

  private byte[] zip(String... names) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return Files.readAllBytes(archive);
  }

  private String refusal() {
    Path target = folder.resolve("out");
    String message =
        assertThrows(DownloadException.class, () -> Archives.unpack(archive, target)).getMessage();
    assertFalse(Files.exists(target));
    assertTrue(message.startsWith(archive + ": "), message);
    return message.substring(archive.toString().length() + 2);
  }

  @Test
  void placesAreTakenAsTheFileSystemMeansThem() throws IOException {
    zip("ml/a.csv", "ml/b.csv");
    Path here = Path.of("").toAbsolutePath().relativize(folder);
    for (String place : new String[] {"./one", "x/../two", "./y/.././three"}) {
      Archives.unpack(archive, here.resolve(place));
    }
    for (String name : new String[] {"one", "two", "three"}) {
      assertEquals("content of ml/b.csv", Files.readString(folder.resolve(name).resolve("b.csv")));
    }
  }

  @Test
  void anArchiveCutShortAnywhereIsRefusedByName() throws IOException {
    byte[] whole = zip("a.csv", "b.csv", "c.csv");
    for (int length = 1; length < whole.length; length++) {
      Files.write(archive, Arrays.copyOf(whole, length));
      refusal();
    }
  }

  @Test
  void anArchiveWithAFlippedBitIsRefusedOrTheSame() throws IOException {
    byte[] whole = zip("a.csv", "b.csv");
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(archive, flipped);
      Path target = folder.resolve("out" + i);
      try {
        Archives.unpack(archive, target);
      } catch (DownloadException e) {
        assertTrue(e.getMessage().startsWith(archive + ": "), e.getMessage());
        assertFalse(Files.exists(target));
      }
    }
  }

  @Test
  void namesThatNoFileCanHaveAreRefused() throws IOException {
    zip("a\0b.csv");
    assertEquals("entry 'a\uFFFDb.csv': Nul character not allowed", refusal());
    zip("/etc/passwd");
    assertEquals("entry '/etc/passwd' would leave the folder", refusal());
    zip("a/../../b");
    assertEquals("entry 'a/../../b' would leave the folder", refusal());
    zip("a", "./a");
    assertEquals("has the entry './a' twice", refusal());
    zip("a", "a/b");
    assertTrue(refusal().startsWith("has the entry 'a/b' twice"));
    zip("n".repeat(300));
    assertTrue(refusal().endsWith("cannot be written: File name too long"));
  }

  @Test
  void anArchiveThatWouldFillTheDiskIsRefused() throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.putNextEntry(new ZipEntry("zeros.csv"));
      fill(out, 65);
    }
    assertEquals("grows to more than 100 times its size, at entry 'zeros.csv'", refusal());
  }

  private static void fill(OutputStream out, int megabytes) throws IOException {
    byte[] zeros = new byte[1 << 20];
    for (int i = 0; i < megabytes; i++) {
      out.write(zeros);
    }
  }

  @Test
  void anArchiveOfTooManyEntriesIsRefused() throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (int i = 0; i <= 100_000; i++) {
        out.putNextEntry(new ZipEntry("f" + i));
      }
    }
    assertEquals("has 100001 entries, expected at most 100000", refusal());
  }
}
