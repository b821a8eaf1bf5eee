package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code runs/headline.sh} with a program that only notes what it is asked for. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
class HeadlineScriptTest {
  /** Notes its words; an import makes a data set, a study stops where it is told to. */
  private static final String PROGRAM =
      """
      #!/usr/bin/env bash
      echo "$*" >>"$(dirname "$0")/asked"
      for last in "$@"; do :; done
      case "$1 $2" in
        'data import') mkdir -p "$last" && touch "$last/dataset.yaml" ;;
        study*) echo table; exit ${FAKE_EXIT:-0} ;;
        report*) echo '{}' ;;
      esac
      """;

  @TempDir Path folder;
  private RunScript script;

  @BeforeEach
  void writeProgram() throws IOException {
    script = new RunScript("headline.sh", folder);
    script.program(PROGRAM);
    for (String raw : List.of("movielens-100k", "lastfm", "amazon-beauty")) {
      Files.createDirectories(folder.resolve("raw").resolve(raw));
    }
  }

  private RunScript.Outcome headline(Map<String, String> environment, String... names)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JOBS", "2");
    return script.run(all, names);
  }

  /** What the program was asked for, in short. */
  private List<String> asked() throws IOException {
    return script.asked().stream()
        .map(line -> line.replaceAll("recipes/headline/\\S+\\.yaml ", ""))
        .toList();
  }

  @Test
  void importsStudiesAndReportsOneDataSetAfterTheOther() throws Exception {
    RunScript.Outcome outcome =
        headline(Map.of("BASE", "base", "EXTRA", "training.steps=5"), "lastfm-by-time", "beauty");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals(
        List.of(
            "data import ./raw/lastfm --name lastfm-by-time --papers --order time --out"
                + " ./out/lastfm-by-time/data",
            "study data=./out/lastfm-by-time/data rows.testRows=2000 training.steps=240"
                + " llm.path=base prompt.template=artist-short rows.split=users-by-time"
                + " rows.paperRows=true training.steps=5 --seeds 3 --jobs 2 --out"
                + " ./out/lastfm-by-time",
            "report ./out/lastfm-by-time --out ./out/lastfm-by-time/report.html --markdown"
                + " ./out/lastfm-by-time/table.md --json",
            "data import ./raw/amazon-beauty --name beauty --title-words 4 --out ./out/beauty/data",
            "study data=./out/beauty/data rows.testRows=2000 training.steps=240 llm.path=base"
                + " prompt.template=item-short rows.split=leave-one-out training.steps=120"
                + " recommender.epochs=6 training.steps=5 --seeds 3 --jobs 2 --out ./out/beauty",
            "report ./out/beauty --out ./out/beauty/report.html --markdown ./out/beauty/table.md"
                + " --json",
            "report ./out/beauty --out ./out/report.html --markdown ./out/table.md --json"),
        asked());
    assertEquals("table\n", Files.readString(folder.resolve("out/beauty/table.txt")));
    assertEquals("{}\n", Files.readString(folder.resolve("out/table.json")));
    assertTrue(outcome.out().contains("beauty took 0 min 0"), outcome.out());
  }

  @Test
  void anInterruptedStudyLeavesNoTableAndGoesOnWithoutImportingAgain() throws Exception {
    assertEquals(130, headline(Map.of("FAKE_EXIT", "130"), "movielens").exitCode());
    assertEquals(2, asked().size());
    assertFalse(Files.exists(folder.resolve("out/movielens/table.txt")));
    assertEquals(0, headline(Map.of(), "movielens").exitCode());
    assertTrue(asked().getFirst().startsWith("study data=./out/movielens/data "));
    assertTrue(Files.exists(folder.resolve("out/movielens/table.txt")));
  }

  @Test
  void unknownDataSetsAndMissingRawDataAreNamedBeforeAnyWork() throws Exception {
    RunScript.Outcome unknown = headline(Map.of(), "beauty", "steam");
    assertEquals(2, unknown.exitCode());
    assertEquals(
        "headline.sh: unknown data set 'steam'; known: movielens lastfm lastfm-by-time beauty"
            + " sports\n",
        unknown.err());
    RunScript.Outcome missing = headline(Map.of(), "beauty", "sports");
    assertEquals(3, missing.exitCode());
    assertEquals(
        "headline.sh: no raw data for sports: expected "
            + folder.resolve("raw/amazon-sports")
            + " (ILORA_RAW)\n",
        missing.err());
    assertEquals(List.of(), asked());
  }
}
