package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code runs/real-model.sh}: with a program that only notes what it is asked for, and for real.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
class RealModelScriptTest {
  /** Validation figures are 0.1, but for one rate of each method. */
  private static final String PROGRAM =
      """
      #!/usr/bin/env bash
      echo "$*" >>"$(dirname "$0")/asked"
      for last in "$@"; do :; done
      score=0.1
      case "$*" in
        *'name=tallrec rate 0.002'* | *'name=llara rate 0.001'*) score=0.25 ;;
      esac
      case "$1 $2" in
        'data import') mkdir -p "$last" && touch "$last/dataset.yaml" ;;
        train*) printf '{\n "validation" : {\n "mrr" : 0.9,\n "hr@1" : %s,\n "hr@5" : 0.8\n }\n}\n' \
          "${SCORE-$score}" ;;
        report*) echo table ;;
      esac
      """;

  private static final int USERS = 40;

  @TempDir Path folder;
  private RunScript script;

  @BeforeEach
  void writeProgram() throws IOException {
    script = new RunScript("real-model.sh", folder);
    script.program(PROGRAM);
    Files.createDirectories(folder.resolve("raw/movielens-100k"));
  }

  private RunScript.Outcome run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return script.run(environment, words);
  }

  @Test
  void withoutAModelItSaysHowItIsUsed() throws Exception {
    RunScript.Outcome outcome = run(Map.of());
    assertEquals(2, outcome.exitCode());
    assertEquals("", outcome.out());
    List<String> lines = outcome.err().lines().toList();
    assertTrue(lines.getFirst().startsWith("Compares methods over a real language model"));
    assertTrue(lines.getLast().startsWith("  ILORA "), outcome.err());
    assertEquals(List.of(), script.asked());
  }

  @Test
  void unknownDataSetsAndMissingRawDataAreNamedBeforeAnyWork() throws Exception {
    RunScript.Outcome unknown = run(Map.of(), "model", "movielens", "steam");
    assertEquals(2, unknown.exitCode());
    assertEquals(
        "real-model.sh: unknown data set 'steam'; known: movielens industrial\n", unknown.err());
    RunScript.Outcome missing = run(Map.of(), "model");
    assertEquals(3, missing.exitCode());
    assertEquals(
        "real-model.sh: no raw data for industrial: expected "
            + folder.resolve("raw/amazon-industrial")
            + " (ILORA_RAW)\n",
        missing.err());
    assertEquals(List.of(), script.asked());
  }

  @Test
  void theRateThatRanksValidationCasesBestIsAskedTheTestCases() throws Exception {
    RunScript.Outcome outcome =
        run(Map.of("RATES", "0.001 0.002", "STEPS", "7", "CASES", "9"), "model", "movielens");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals(
        """
        tallrec rate 0.001: validation HR@1 0.1
        tallrec rate 0.002: validation HR@1 0.25
        llara rate 0.001: validation HR@1 0.25
        llara rate 0.002: validation HR@1 0.1
        ilora rate 0.001: validation HR@1 0.1
        ilora rate 0.002: validation HR@1 0.1
        """,
        Files.readString(folder.resolve("out/movielens/grid.txt")));
    List<String> asked = script.asked();
    assertEquals(
        "data import ./raw/movielens-100k --name movielens --out ./out/movielens/data",
        asked.getFirst());
    assertEquals(
        List.of("popularity", "sasrec", "zero-shot"),
        asked.subList(1, 4).stream()
            .map(line -> line.replaceFirst(".* name=(\\S+) data=.*", "$1"))
            .toList());
    assertEquals(
        "train recipes/tallrec.yaml name=tallrec rate 0.001 data=./out/movielens/data"
            + " llm.path=model rows.testRows=9 rows.validRows=200 training.steps=7"
            + " training.batch=16 training.validations=4 evaluation.batch=4"
            + " prompt.template=movie-short rows.split=users-by-time training.learningRate=0.001"
            + " --out ./out/movielens --json",
        asked.get(4));
    List<String> chosen =
        List.of(
            "popularity-seed1",
            "sasrec-seed1",
            "zero-shot-seed1",
            "tallrec-rate-0-002-seed1",
            "llara-rate-0-001-seed1",
            "ilora-rate-0-001-seed1");
    assertEquals(
        chosen.stream().map(run -> "eval ./out/movielens/" + run + " --json").toList(),
        asked.subList(10, 16));
    assertEquals(
        "report "
            + chosen.stream().map(run -> "./out/movielens/" + run).collect(Collectors.joining(" "))
            + " --out ./out/movielens/report.html --markdown ./out/movielens/table.md",
        asked.getLast());
  }

  @Test
  void aTrainingWithoutAFigureEndsTheComparison() throws Exception {
    RunScript.Outcome outcome = run(Map.of("SCORE", "null"), "model", "movielens");
    assertEquals(1, outcome.exitCode());
    assertEquals(
        "real-model.sh: tallrec rate 0.0005 gave no validation figure; see "
            + folder.resolve("out/movielens/progress.txt")
            + "\n",
        outcome.err());
    assertFalse(Files.exists(folder.resolve("out/movielens/grid.txt")));
  }

  @Test
  @Tag("slow")
  void comparesMethodsForRealAndTrainsNothingAgain() throws Exception {
    String java =
        Program.command().stream()
            .map(ShellWord::of)
            .collect(Collectors.joining(" "))
            .replaceFirst(" ", " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ");
    script.program("#!/usr/bin/env bash\nexec " + java + " \"$@\"\n");
    writeRatings(folder.resolve("raw/movielens-100k"));
    Map<String, String> small =
        Map.of(
            "RATES",
            "0.003",
            "STEPS",
            "2",
            "CASES",
            "6",
            "EXTRA",
            "rows.validRows=6 training.validations=1 recommender.epochs=1 rows.candidates=5"
                + " llm.dtype=fp32 evaluation.samples=0");
    RunScript.Outcome first = run(small, "ilora-base", "movielens");
    assertEquals(0, first.exitCode(), first.err() + told());
    Path results = folder.resolve("out/movielens");
    String grid = Files.readString(results.resolve("grid.txt"));
    assertTrue(
        grid.matches("((tallrec|llara|ilora) rate 0\\.003: validation HR@1 [01](\\.\\d+)?\n){3}"),
        grid);
    String table = Files.readString(results.resolve("table.md"));
    for (String method :
        List.of("popularity", "sasrec", "zero-shot", "tallrec", "llara", "ilora")) {
      assertTrue(table.contains("| " + method), table);
    }
    assertTrue(Files.exists(results.resolve("report.html")));

    Map<Path, FileTime> before = trained(results);
    assertEquals(6, before.size());
    // Only training for real: what follows it would show nothing more.
    script.program("#!/usr/bin/env bash\n[ $1 != train ] || exec " + java + " \"$@\"\n");
    RunScript.Outcome second = run(small, "ilora-base", "movielens");
    assertEquals(0, second.exitCode(), second.err() + told());
    assertEquals(before, trained(results));
    assertEquals(grid, Files.readString(results.resolve("grid.txt")));
  }

  private String told() throws IOException {
    return Files.readString(folder.resolve("out/movielens/progress.txt"));
  }

  /** When the models of all runs were written. */
  private static Map<Path, FileTime> trained(Path results) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (var runs = Files.list(results)) {
      for (Path run : runs.toList()) {
        Path model = run.resolve("model/model.json");
        if (Files.exists(model)) {
          times.put(model, Files.getLastModifiedTime(model));
        }
      }
    }
    return times;
  }

  /** The demo world as MovieLens-100K is published. */
  private static void writeRatings(Path raw) throws IOException {
    Dataset demo = DemoWorld.generate(1);
    StringBuilder items = new StringBuilder();
    for (Item item : demo.items()) {
      items.append(
          "%s|%s (1990)|01-Jan-1990||http%s|0%n"
              .formatted(item.id() + 1, item.title(), "|0|1".repeat(9)));
    }
    StringBuilder ratings = new StringBuilder();
    for (int u = 0; u < USERS; u++) {
      UserSequence user = demo.users().get(u);
      for (int at = 0; at < user.length(); at++) {
        ratings.append(
            "%s\t%s\t5\t%s%n"
                .formatted(u + 1, user.items()[at] + 1, 900_000_000 + 86_400 * u + 60 * at));
      }
    }
    Files.writeString(raw.resolve("u.item"), items, StandardCharsets.ISO_8859_1);
    Files.writeString(raw.resolve("u.data"), ratings);
  }
}
