package dev.ilora.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
  @TempDir Path folder;

  @Test
  void aBlobHasTheNameThatGitGivesIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "hello\n");
    assertEquals("ce013625030ba8dba906f756967f9e9ca394464a", Checksum.gitBlob(6, "").found(file));
    Files.writeString(file, "");
    assertEquals("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Checksum.gitBlob(0, "").found(file));
  }

  @Test
  void whatIsWrongIsDeleted() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "hello\n");
    URI address = URI.create("http://h/a");
    Checksum.of("MD5", "b1946ac92492d2347c6235b4d2611184").require(address, file);
    assertEquals(
        "http://h/a: MD5 is b1946ac92492d2347c6235b4d2611184, expected 00; the download was"
            + " deleted, try again",
        assertThrows(DownloadException.class, () -> Checksum.of("MD5", "00").require(address, file))
            .getMessage());
    assertFalse(Files.exists(file));
  }
}
