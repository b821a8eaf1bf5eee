package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import dev.ilora.testing.RandomDatasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CandidateFileTest {
  @TempDir Path folder;

  private final Dataset dataset = RandomDatasets.random(5, 60, 40, true);
  private final Split split = new SplitRule.UsersByTime(0.2, 0.2).apply(dataset, 5);
  private final List<Case> rows = split.rows(Part.TEST, Positions.EVERY, 0);

  @Test
  void avoidsTheWholeHistoryAndHoldsTheTargetOnce() {
    Map<String, UserSequence> users = dataset.usersByKey();
    CandidateFile file = CandidateFile.draw(rows, dataset, 20, 1);
    List<Case> complete = file.of(rows);
    for (int r = 0; r < rows.size(); r++) {
      Case drawn = complete.get(r);
      int[] items = users.get(rows.get(r).user()).items();
      assertEquals(20, Arrays.stream(drawn.candidates()).distinct().count());
      long had =
          Arrays.stream(drawn.candidates())
              .filter(c -> Arrays.stream(items).anyMatch(i -> i == c))
              .count();
      assertEquals(1, had, "only the target");
    }
    file.requireMatches(rows);
  }

  @Test
  void theTargetStandsAnywhereAndEveryItemIsDrawn() {
    int[] places = new int[20];
    int[] drawn = new int[40];
    for (int seed = 0; seed < 20; seed++) {
      for (Case row : CandidateFile.draw(rows, dataset, 20, seed).of(rows)) {
        places[Arrays.stream(row.candidates()).boxed().toList().indexOf(row.target())]++;
        Arrays.stream(row.candidates()).forEach(c -> drawn[c]++);
      }
    }
    double expected = 20.0 * rows.size() / 20;
    for (int place : places) {
      assertEquals(expected, place, 5 * Math.sqrt(expected), Arrays.toString(places));
    }
    assertTrue(Arrays.stream(drawn).allMatch(d -> d > 0));
  }

  @Test
  void theSameSeedGivesTheSameFileAndASampleTheSameRows() {
    CandidateFile all = CandidateFile.draw(rows, dataset, 20, 7);
    assertEquals(all.hash(), CandidateFile.draw(rows, dataset, 20, 7).hash());
    assertNotEquals(all.hash(), CandidateFile.draw(rows, dataset, 20, 8).hash());
    List<Case> complete = all.of(rows);
    List<Case> some = Split.sample(rows, 9, 1);
    for (Case one : CandidateFile.draw(some, dataset, 20, 7).of(some)) {
      assertArrayEquals(complete.get(one.index()).candidates(), one.candidates());
    }
  }

  @Test
  void survivesItsFile() throws IOException {
    CandidateFile file = CandidateFile.draw(rows, dataset, 20, 7);
    Path path = folder.resolve("run/candidates.jsonl");
    file.write(path);
    CandidateFile again = CandidateFile.read(path);
    assertEquals(file.hash(), again.hash());
    assertEquals(Hashes.sha256(Files.readAllBytes(path)), again.hash());
    again.requireMatches(rows);
    try (var files = Files.list(path.getParent())) {
      assertEquals(
          List.of(".candidates.jsonl.sha256", "candidates.jsonl"),
          files.map(one -> one.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void blankLastLinesAreLeftOut() throws IOException {
    CandidateFile file = CandidateFile.draw(rows, dataset, 20, 7);
    Path path = folder.resolve("by hand.jsonl");
    file.write(path);
    String text = Files.readString(path);
    Path typed = Files.writeString(folder.resolve("typed.jsonl"), text + "\n  \n");
    assertEquals(file.hash(), CandidateFile.read(typed).hash());
  }

  @Test
  void refusesRowsOfOthers() {
    CandidateFile file = CandidateFile.draw(rows.subList(0, 3), dataset, 20, 7);
    assertEquals(
        "candidates are for 3 rows, but 2 rows are evaluated",
        refusal(() -> file.requireMatches(rows.subList(0, 2))));
    Case second = rows.get(1);
    Case other = new Case(1, second.user(), second.history(), (second.target() + 1) % 40);
    assertEquals(
        "candidates number 1 are for row 1 with target %d, but the row evaluated there is 1 with"
                .formatted(second.target())
            + " target "
            + other.target(),
        refusal(() -> file.requireMatches(List.of(rows.get(0), other, rows.get(2)))));
    Case stranger = new Case(0, "nobody", new int[0], 0);
    assertEquals(
        "row 0 is of user nobody, who is not in dataset random",
        refusal(() -> CandidateFile.draw(List.of(stranger), dataset, 20, 7)));
  }

  @Test
  void refusesMoreCandidatesThanItems() {
    Case row = new Case(4, "u", new int[] {0, 1}, 2);
    assertEquals(
        3, CandidateFile.draw(List.of(row), 5, 3, 1).of(List.of(row)).get(0).candidates().length);
    assertEquals(
        "cannot draw 4 candidates for row 4: must be at least 2, and 2 items remain outside the"
            + " history of user u",
        refusal(() -> CandidateFile.draw(List.of(row), 5, 4, 1)));
  }

  @Test
  void refusesBadFiles() throws IOException {
    String good = "{\"row\": 0, \"target\": 1, \"candidates\": [1, 2]}\n";
    assertEquals("no candidate rows", mistake(""));
    assertEquals("2: row 0 is given twice", mistake(good + good));
    assertEquals("1: not a JSON object: row 0", mistake("row 0\n"));
    assertEquals("1: not a JSON object: [1]", mistake("[1]\n"));
    assertEquals(
        "1: case 0: target 3 is not among its candidates",
        mistake("{\"row\": 0, \"target\": 3, \"candidates\": [1, 2]}\n"));
    assertEquals(
        "1: case 0 has candidate 1 twice",
        mistake("{\"row\": 0, \"target\": 1, \"candidates\": [1, 1]}\n"));
    assertEquals(
        "1: field 'candidates' must be a list of integers, not 7",
        mistake("{\"row\": 0, \"target\": 1, \"candidates\": 7}\n"));
    assertEquals("1: field 'row' is missing: {\"target\":1}", mistake("{\"target\": 1}\n"));
  }

  @Test
  void refusesCandidatesThatAreNoItems() throws IOException {
    String lines =
        """
        {"row": 0, "target": 1, "candidates": [1, 2]}
        {"row": 1, "target": 1, "candidates": [1, %d]}
        """;
    Path file = folder.resolve("c.jsonl");
    Files.writeString(file, lines.formatted(39));
    assertEquals(2, CandidateFile.read(file, 40).size());
    for (int candidate : new int[] {40, 368, Integer.MAX_VALUE, -1}) {
      Files.writeString(file, lines.formatted(candidate));
      assertEquals(
          file + ":2: candidate " + candidate + " is outside 0 .. 39",
          assertThrows(BadInputException.class, () -> CandidateFile.read(file, 40)).getMessage());
    }
  }

  private String mistake(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("c.jsonl"), text);
    String message =
        assertThrows(BadInputException.class, () -> CandidateFile.read(file)).getMessage();
    return message.replace(file + ":", "").strip();
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}
