package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process left goes with the next one that writes there or locks it. */
class LeftoversTest {
  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void begin() throws IOException {
    run = Files.createDirectories(folder.resolve("run"));
    WholeFile.write(run.resolve("record.txt"), "whole");
  }

  private List<String> names() throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(path -> !path.equals(folder))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private OtherProcess doing(String what, String name) throws IOException {
    return OtherProcess.doing(what, folder.resolve(name));
  }

  @Test
  void whoLocksAFolderClearsItAndWhatLiesAroundIt() throws IOException {
    try (var _ = doing("lock", "run");
        var _ = doing("write", "run/record.txt");
        var _ = doing("write", "run/steps/1.txt");
        var _ = doing("write", "beside.txt");
        var _ = doing("lock", "run/part");
        var _ = doing("lock", "other")) {
      assertEquals(9, names().size(), names().toString());
    }
    assertEquals(9, names().size(), names().toString());
    try (var _ = MakingLock.refusing(run)) {
      assertEquals(List.of(".run.lock", "run", "run/record.txt", "run/steps"), names());
    }
    assertEquals(List.of("run", "run/record.txt", "run/steps"), names());
  }

  @Test
  void aFolderThatWasBeingReplacedIsPutBack() throws IOException {
    doing("replace", "run").kill();
    assertEquals(
        List.of(
            ".run.draft",
            ".run.draft/new.txt",
            ".run.former",
            ".run.former/record.txt",
            ".run.lock"),
        names());
    WholeFile.write(folder.resolve("other.txt"), "x");
    assertEquals(List.of("other.txt", "run", "run/record.txt"), names());
  }

  @Test
  void whatALivingProcessHasStays() throws IOException {
    try (OtherProcess lock = doing("lock", "other");
        OtherProcess writer = doing("write", "run/a.txt");
        var _ = MakingLock.refusing(run)) {
      assertEquals(5, names().size(), names().toString());
      Files.delete(run.resolve("record.txt"));
      WholeFile.write(run.resolve("record.txt"), "again");
      assertEquals(5, names().size(), names().toString());
      lock.kill();
      writer.kill();
      WholeFile.write(folder.resolve("b.txt"), "x");
      WholeFile.write(run.resolve("record.txt"), "once more");
      assertEquals(List.of(".run.lock", "b.txt", "run", "run/record.txt"), names());
    }
  }

  @Test
  void whatOtherProgramsHideStays() throws IOException {
    List<String> theirs =
        List.of(".a.draft", ".a.former", ".a.lock", ".b.lock", ".c.partial", ".lock", ".partial");
    for (String name : theirs) {
      Files.write(folder.resolve(name), new byte[] {(byte) 0xC3});
    }
    Files.writeString(folder.resolve(".b.lock"), "");
    try (var _ = MakingLock.refusing(run)) {
      WholeFile.write(folder.resolve("d.txt"), "x");
    }
    Files.delete(folder.resolve("d.txt"));
    Files.delete(run.resolve("record.txt"));
    Files.delete(run);
    assertEquals(theirs, names());
  }
}
