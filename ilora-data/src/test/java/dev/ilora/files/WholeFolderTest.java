package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFolderTest {
  @TempDir Path folder;

  private static WholeFolder.Content file(String name, String text) {
    return draft -> Files.writeString(draft.resolve(name), text);
  }

  private List<String> visible() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewFolderTakesThePlaceOfTheFormerOne() throws IOException {
    Path target = folder.resolve("model");
    WholeFolder.write(target, file("a", "1"));
    WholeFolder.write(target, file("b", "2"));
    assertFalse(Files.exists(target.resolve("a")));
    assertEquals("2", Files.readString(target.resolve("b")));
    assertEquals(List.of("model"), visible());
  }

  @Test
  void whatIsNoFolderIsNotReplaced() throws IOException {
    Path target = Files.writeString(folder.resolve("model"), "notes");
    assertEquals(
        target + ": cannot be written: what is there is no folder",
        assertThrows(UncheckedIOException.class, () -> WholeFolder.write(target, file("a", "1")))
            .getMessage());
    assertEquals("notes", Files.readString(target));
    assertEquals(List.of("model"), visible());
  }

  @Test
  void aFailureLeavesTheFormerFolder() throws IOException {
    Path target = folder.resolve("model");
    WholeFolder.write(target, file("a", "1"));
    assertThrows(
        UncheckedIOException.class,
        () ->
            WholeFolder.write(
                target,
                draft -> {
                  Files.writeString(draft.resolve("b"), "2");
                  throw new IOException("disk full");
                }));
    assertEquals("1", Files.readString(target.resolve("a")));
    assertEquals(List.of("model"), visible());
  }

  @Test
  void whatAKilledWriterLeftIsPutRight() throws IOException {
    Path target = folder.resolve("model");
    Path former = Files.createDirectories(folder.resolve(".model.former"));
    Files.writeString(former.resolve("a"), "1");
    Path draft = Files.createDirectories(folder.resolve(".model.draft"));
    Files.writeString(draft.resolve("b"), "half");
    assertThrows(
        IllegalStateException.class,
        () ->
            WholeFolder.write(
                target,
                _ -> {
                  throw new IllegalStateException("refused");
                }));
    assertEquals("1", Files.readString(target.resolve("a")));
    assertEquals(List.of("model"), visible());
  }

  @Test
  void aFolderOfHiddenFilesIsFree() throws IOException {
    assertTrue(WholeFolder.isFree(folder.resolve("absent")));
    Files.writeString(folder.resolve(".hidden"), "");
    assertTrue(WholeFolder.isFree(folder));
    Files.writeString(folder.resolve("seen"), "");
    assertFalse(WholeFolder.isFree(folder));
    assertFalse(WholeFolder.isFree(folder.resolve("seen")));
  }
}
