package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.runs.CaseFacts.CaseFact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseFactsTest {
  private static final CaseFacts CLUSTERED =
      new CaseFacts(
          new CaseFacts.About("sha256:aa", 10, Optional.of("SASRec")),
          List.of(new CaseFact(0, "u0", 3, 0, 2), new CaseFact(4, "u1", 10, 31, 1)));
  private static final CaseFacts PLAIN =
      new CaseFacts(
          new CaseFacts.About("sha256:aa", 10, Optional.empty()),
          List.of(new CaseFact(0, "u0", 3, 7, 0)));

  @TempDir Path folder;

  @Test
  void areReadAsTheyWereWritten() {
    Path file = folder.resolve("cases.jsonl");
    for (CaseFacts facts : List.of(CLUSTERED, PLAIN)) {
      facts.write(file);
      assertEquals(facts, CaseFacts.read(file));
    }
  }

  @Test
  void aRunFolderHoldsThemOrNone() {
    RunFolder run = RunFolder.create(folder);
    assertEquals(Optional.empty(), run.caseFacts());
    run.writeCaseFacts(CLUSTERED);
    assertEquals(Optional.of(CLUSTERED), run.caseFacts());
  }

  @Test
  void whatIsCutShortNewerOrImpossibleIsRefusedWithItsPlace() throws Exception {
    Path file = folder.resolve("cases.jsonl");
    CLUSTERED.write(file);
    String text = Files.readString(file);
    assertRefused(file, "", ": is empty, expected a header line and what it announces");
    assertRefused(
        file, text.substring(0, text.indexOf("{\"case\":4")), ": holds 1 lines, its header says 2");
    assertRefused(
        file,
        text.replace("\"schema\":2", "\"schema\":9"),
        ":1: schema is 9, written by a later version of ilora; this version reads 2");
    assertRefused(
        file,
        text.replace("\"targetCount\":31", "\"targetCount\":-1"),
        ":3: case 4: history 10, targetCount -1 and cluster 1 must be at least 0");
    assertRefused(
        file,
        text.replace("\"history\":3,", ""),
        ":2: field 'history' is missing, expected a whole number");
  }

  private static void assertRefused(Path file, String text, String message) throws Exception {
    Files.writeString(file, text);
    assertEquals(
        file + message,
        assertThrows(BadInputException.class, () -> CaseFacts.read(file)).getMessage());
  }
}
