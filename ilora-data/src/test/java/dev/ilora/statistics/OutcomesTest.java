package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomesTest {
  private static final String HEADER =
      "{\"schema\":2,\"method\":\"iLoRA\",\"seed\":1,\"protocol\":\"likelihood\","
          + "\"candidatesHash\":\"sha256:aa\",\"lines\":1}\n";
  private static final String ROW =
      "{\"case\":0,\"user\":\"u\",\"target\":3,\"rank\":1,\"candidates\":[3,7]}\n";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("outcomes.jsonl");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    int[] candidates = {3, 7};
    Outcome scored = Outcome.scored(0, "u\"1\u2028é", 3, candidates, new double[] {-0.1, -1 / 3.0});
    Answer answer = new Answer(" Am\u00e9lie\n\"x\"", 7, Answer.NONE);
    Outcomes written =
        new Outcomes(
            "iLoRA",
            -5,
            "likelihood",
            "sha256:aa",
            List.of(
                scored,
                scored.withAnswer(answer),
                Outcome.answered(2, "u2", 3, candidates, answer),
                scored.withoutScores()));
    written.write(file);
    assertEquals(written, Outcomes.read(file));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of(".outcomes.jsonl.sha256", "outcomes.jsonl"),
          files.map(one -> one.getFileName().toString()).sorted().toList(),
          "no unfinished file stays");
    }
  }

  @Test
  void refusesBrokenFilesWithLineAndField() throws Exception {
    assertRefused(": no such file");
    assertRefused("", ": is empty, expected a header line and what it announces");
    assertRefused("hello\n", ":1: not a JSON object: hello");
    assertRefused("[1]\n", ":1: not a JSON object: [1]");
    assertRefused(ROW, ":1: field 'schema' is missing, expected a whole number");
    assertRefused(
        HEADER.replace(":2,\"method", ":9,\"method"),
        ":1: schema is 9, written by a later version of ilora; this version reads 2");
    assertRefused(
        HEADER.replace(":2,\"method", ":1,\"method"),
        ":1: schema is 1, written by an earlier version of ilora; this version reads 2");
    assertRefused(HEADER, ": holds 0 lines, its header says 1");
    assertRefused(
        HEADER + ROW.replace("3,7", "3,\"x\""),
        ":2: field 'candidates[1]' is \"x\", expected a whole number");
    assertRefused(HEADER + ROW.replace("\"u\"", "4"), ":2: field 'user' is 4, expected a text");
    assertRefused(
        HEADER + ROW.replace("\"user\":\"u\",", ""),
        ":2: field 'user' is missing, expected a text");
    assertRefused(
        HEADER + ROW.replace("\"rank\"", "\"score\":1,\"rank\""), ":2: unknown field 'score'");
    assertRefused(
        HEADER + ROW.replace("\"rank\"", "\"answer\":\"x\",\"rank\""),
        ":2: case 0: answer, answerItem and referenceItem belong together");
    assertRefused(
        HEADER + ROW.replace("rank\":1", "rank\":3"), ":2: row 0: rank 3 is outside 0..2");
    assertRefused(
        HEADER + ROW.replace("3,7", "4,7"), ":2: row 0: target 3 is not among its 2 candidates");
    assertRefused(
        HEADER + "\n" + ROW.substring(0, 30), ":3: not a JSON object: " + ROW.substring(0, 30));
  }

  @Test
  void refusesBytesThatAreNotText() throws Exception {
    Files.write(file, new byte[] {(byte) 0xff, 1, 2});
    assertRefused(":1: byte 0xFF at position 0 of the file is not UTF-8 text");
  }

  @Test
  void aFailedWriteLeavesTheFormerFile() throws Exception {
    Outcomes former = new Outcomes("A", 1, "scores", "h", List.of());
    former.write(file);
    Path below = file.resolve("below.jsonl");
    String message =
        assertThrows(UncheckedIOException.class, () -> former.write(below)).getMessage();
    assertTrue(message.startsWith(below + ": cannot be written: "), message);
    assertEquals(former, Outcomes.read(file));
  }

  private void assertRefused(String content, String message) throws Exception {
    Files.writeString(file, content);
    assertRefused(message);
  }

  private void assertRefused(String message) {
    assertEquals(
        file + message,
        assertThrows(BadInputException.class, () -> Outcomes.read(file)).getMessage());
  }
}
