package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.statistics.RandomRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path folder;

  @Test
  void keepsEverythingOfARun() {
    RunFolder run = RunFolder.create(folder.resolve("runs/ilora-1"));
    Manifest manifest =
        Manifest.begin(
                "iLoRA + user slot", 1, "demo", "sha256:dd", Environment.current(2, "cpu"), NOON)
            .ofFamily("iLoRA")
            .withCandidates("sha256:aa")
            .withBaseModel("sha256:bb")
            .withSeconds("train", 12.5)
            .withSeconds("evaluate", 1.5)
            .withSeconds(Manifest.SHARED, 100)
            .withMetrics(Map.of("hr@1", 0.5))
            .withResource(Manifest.TRAINED_PARAMETERS, 189_000)
            .withResource(Manifest.peakBytes(Manifest.TRAIN), 5L << 30)
            .withNote("chronological order")
            .finishedAt(NOON.plusSeconds(14));
    assertFalse(run.holdsWork());
    run.writeRecipe("method: iLoRA\n");
    run.writeTemplate("Choose from [CansHere]\n");
    run.writeManifest(manifest);
    run.writePredictions(CaseSet.TEST, RandomRows.predictions("iLoRA + user slot", 1, 0.5));
    List<ExpertWeights> experts =
        List.of(
            new ExpertWeights(0, "u0", "likes old films", new double[] {0.25, 0.75}),
            new ExpertWeights(1, "u1", null, new double[] {0.5, 0.5}));
    run.writeExpertWeights(experts);
    List<Sample> samples =
        List.of(
            new Sample(0, "u0", "Prompt\nof two lines", "Heat", "Heat", List.of("Heat", "Alien")),
            new Sample(1, "u1", "Prompt", "Heat", null, List.of()));
    run.writeSamples(samples);

    RunFolder read = RunFolder.open(run.path());
    assertEquals("method: iLoRA\n", read.recipe());
    assertEquals("Choose from [CansHere]\n", read.template());
    assertTrue(read.holdsWork());
    assertEquals(manifest, read.manifest());
    assertEquals(manifest, read.result().manifest());
    assertEquals(14, manifest.totalSeconds());
    assertEquals(RandomRows.predictions("iLoRA + user slot", 1, 0.5), read.predictions());
    assertEquals(experts, read.expertWeights());
    assertEquals(samples, read.samples());
    assertTrue(read.hasPredictions());
  }

  @Test
  void rowsOfThePapersStandBesideTheOthers() {
    RunFolder run = RunFolder.create(folder);
    run.writeManifest(
        Manifest.begin("SASRec", 1, "demo", "h", Environment.current(1, "cpu"), NOON)
            .withCandidates("sha256:other"));
    assertFalse(run.holdsWork());
    run.writePredictions(CaseSet.PAPER, RandomRows.predictions("SASRec", 1, 0.5));
    assertFalse(run.hasPredictions());
    assertTrue(run.holdsWork());
    assertTrue(run.hasPredictions(CaseSet.PAPER));
    assertEquals(
        folder.resolve("predictions-paper-rows.jsonl"), run.predictionsFile(CaseSet.PAPER));
    assertEquals("sha256:aa", run.result(CaseSet.PAPER).predictions().candidatesHash());
    run.writePredictions(CaseSet.PAPER, RandomRows.predictions("SASRec", 2, 0.5));
    assertEquals(
        run.predictionsFile(CaseSet.PAPER) + ": seed is 2, but 1 in manifest.json",
        assertThrows(BadInputException.class, () -> run.result(CaseSet.PAPER)).getMessage());
  }

  @Test
  void aRunThatHasJustBegunHasNeitherTimesNorFigures() {
    RunFolder run = RunFolder.create(folder);
    run.writeManifest(
        Manifest.begin("SASRec", 2, "demo", "sha256:dd", Environment.current(1, "cpu"), NOON));
    assertNull(run.manifest().finished());
    assertNull(run.manifest().candidatesHash());
    assertEquals(Map.of(), run.manifest().resources());
    assertEquals("SASRec", run.manifest().family());
    assertEquals(0, run.manifest().totalSeconds());
    assertEquals(List.of(), run.expertWeights());
    assertEquals(List.of(), run.samples());
    assertEquals(List.of(), run.curve().read());
  }

  @Test
  void aManifestOfAnEarlierVersionNamesNoResources() throws Exception {
    RunFolder run = RunFolder.create(folder);
    Manifest manifest =
        Manifest.begin("SASRec", 2, "demo", "h", Environment.current(1, "cpu"), NOON);
    run.writeManifest(manifest.withResource(Manifest.TRAINED_PARAMETERS, 3));
    String text = Files.readString(run.manifestFile());
    String earlier = text.replaceAll("(?s)\\s*\"resources\" : \\{.*?\\},", "");
    assertFalse(earlier.contains("resources"), earlier);
    Files.writeString(run.manifestFile(), earlier);
    assertEquals(manifest, run.manifest());
    Files.writeString(
        run.manifestFile(), earlier.replace("\"seed\"", "\"trained_parameters\" : 3, \"seed\""));
    assertEquals(manifest.withResource(Manifest.TRAINED_PARAMETERS, 3), run.manifest());
  }

  @Test
  void refusesPredictionsOfAnotherRun() {
    RunFolder run = RunFolder.create(folder);
    Manifest manifest =
        Manifest.begin("SASRec", 2, "demo", "h", Environment.current(1, "cpu"), NOON);
    run.writePredictions(CaseSet.TEST, RandomRows.predictions("SASRec", 1, 0.5));
    assertResultRefused(run, manifest, "seed is 1, but 2 in manifest.json");
    run.writePredictions(CaseSet.TEST, RandomRows.predictions("iLoRA", 2, 0.5));
    assertResultRefused(run, manifest, "method is iLoRA, but SASRec in manifest.json");
    run.writePredictions(CaseSet.TEST, RandomRows.predictions("SASRec", 2, 0.5));
    assertResultRefused(
        run,
        manifest.withCandidates("sha256:bb"),
        "candidates hash is sha256:aa, but sha256:bb in manifest.json");
  }

  private static void assertResultRefused(RunFolder run, Manifest manifest, String message) {
    run.writeManifest(manifest);
    assertEquals(
        run.predictionsFile(CaseSet.TEST) + ": " + message,
        assertThrows(BadInputException.class, run::result).getMessage());
  }

  @Test
  void refusesAPlaceThatCannotHoldARun() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "x");
    assertEquals(
        file + ": cannot be a run folder: a file stands there",
        assertThrows(BadInputException.class, () -> RunFolder.create(file)).getMessage());
    Path below = file.resolve("run");
    String message =
        assertThrows(BadInputException.class, () -> RunFolder.create(below)).getMessage();
    assertTrue(
        message.startsWith(below + ": cannot write a run here, choose another folder ("), message);
  }

  @Test
  void refusesFoldersThatAreNoRuns() {
    Path absent = folder.resolve("absent");
    assertEquals(
        absent + ": no such run folder",
        assertThrows(BadInputException.class, () -> RunFolder.open(absent)).getMessage());
    assertEquals(
        folder + ": not a run folder: it has no manifest.json",
        assertThrows(BadInputException.class, () -> RunFolder.open(folder)).getMessage());
  }

  @Test
  void refusesManifestsItCannotRead() throws Exception {
    RunFolder run = RunFolder.create(folder);
    assertManifestRefused(run, "{\"schema\": 7}", ": schema is 7, this version reads 1");
    assertManifestRefused(
        run, "{\"schema\": 1}", ":1: field 'ilora_version' is missing, expected a text");
    run.writeManifest(
        Manifest.begin("A", 1, "d", "h", new Environment(Map.of("device", "cpu")), NOON));
    assertManifestRefused(
        run,
        Files.readString(run.manifestFile()).replace("2026-01-31T12:00:00Z", "noon"),
        ":1: field 'started' is \"noon\", expected a time such as 2026-01-31T12:00:00Z");
  }

  private static void assertManifestRefused(RunFolder run, String content, String message)
      throws Exception {
    Files.writeString(run.manifestFile(), content);
    assertEquals(
        run.manifestFile() + message,
        assertThrows(BadInputException.class, run::manifest).getMessage());
  }
}
