package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFileTest {
  @TempDir Path folder;
  private Path file;
  private Path seal;

  @BeforeEach
  void name() {
    file = folder.resolve("a.txt");
    seal = folder.resolve(".a.txt.sha256");
  }

  private void assertChanged() {
    assertEquals(
        file
            + ": was changed or cut short since it was written: its SHA-256 is not the one in"
            + " .a.txt.sha256; if the change is meant, delete that file",
        assertThrows(BadInputException.class, () -> SealedFile.check(file)).getMessage());
  }

  @Test
  void everyBitThatFlipsIsFound() throws IOException {
    byte[] content = new byte[300];
    new Random(1).nextBytes(content);
    SealedFile.write(file, content);
    SealedFile.check(file);
    for (int bit = 0; bit < 8 * content.length; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertChanged();
    }
    Files.write(file, content);
    SealedFile.check(file);
  }

  @Test
  void aFileThatIsShorterOrLongerIsFound() throws IOException {
    SealedFile.write(file, "one\ntwo\n");
    Files.writeString(file, "one\n");
    assertChanged();
    Files.writeString(file, "one\ntwo\nthree\n");
    assertChanged();
  }

  @Test
  void aFileThatGrowsIsSealedAgain() throws IOException {
    Files.writeString(file, "one\n");
    SealedFile.seal(file);
    SealedFile.unseal(file);
    Files.writeString(file, "two\n", StandardOpenOption.APPEND);
    SealedFile.check(file);
    SealedFile.seal(file);
    Files.writeString(file, "one\ntwO\n");
    assertChanged();
  }

  /** A process killed between the seal and the file leaves the former file with both seals. */
  @Test
  void afterAKillBetweenSealAndFileTheFormerFileIsGood() throws IOException {
    for (String content : List.of("first", "second", "third")) {
      String former = Files.exists(file) ? Files.readString(file) : "";
      SealedFile.write(file, content);
      if (!former.isEmpty()) {
        Files.writeString(file, former);
        SealedFile.check(file);
        SealedFile.write(file, content);
      }
      SealedFile.check(file);
      Files.writeString(file, "other");
      assertChanged();
      Files.writeString(file, content);
    }
    assertEquals(2, Files.readString(seal).lines().count());
  }

  @Test
  void aDamagedSealIsNamedAndAFileWithoutOneIsTaken() throws IOException {
    SealedFile.write(file, "content");
    Files.writeString(seal, Files.readString(seal).replace(' ', '!'));
    assertEquals(
        seal
            + ": is damaged: expected a SHA-256 and a length in each line; if a.txt is right,"
            + " delete it",
        assertThrows(BadInputException.class, () -> SealedFile.check(file)).getMessage());
    Files.delete(seal);
    Files.writeString(file, "by hand");
    SealedFile.check(file);
  }

  @Test
  void bothAreDeletedTogether() throws IOException {
    SealedFile.write(file, "content");
    SealedFile.delete(file);
    assertEquals(0, folder.toFile().list().length);
  }
}
