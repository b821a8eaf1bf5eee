package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.statistics.RandomRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final String SLOT = "iLoRA + user slot";

  @TempDir Path folder;

  @Test
  void keepsEverythingOfARun() {
    RunFolder run = RunFolder.create(folder.resolve("runs/ilora-1"));
    RunRecord record = MadeUpRun.record(SLOT, 1).withCandidates("sha256:aa");
    assertFalse(run.holdsWork());
    run.writeRecipe("method: iLoRA\n");
    run.writeTemplate("Choose from [CansHere]\n");
    run.write(record);
    run.writeOutcomes(CaseSet.TEST, RandomRows.predictions(SLOT, 1, 0.5));
    TrainingPoint point = new TrainingPoint(1, Map.of(TrainingPoint.LOSS, 2.5));
    run.curve().append(point);
    List<ExpertWeights> experts =
        List.of(
            new ExpertWeights(0, "u0", Optional.of("likes old films"), new double[] {0.25, 0.75}),
            new ExpertWeights(1, "u1", Optional.empty(), new double[] {0.5, 0.5}));
    run.writeExpertWeights(experts);
    List<Sample> samples =
        List.of(
            new Sample(
                0,
                "u0",
                Optional.of(List.of("Alien", "Fargo")),
                Optional.of("Prompt\nof two"),
                "Heat",
                Optional.of("Heat"),
                List.of("Heat"),
                Optional.of(List.of("Fargo"))),
            new Sample(
                1,
                "u1",
                Optional.of(List.of()),
                Optional.empty(),
                "Heat",
                Optional.empty(),
                List.of(),
                Optional.of(List.of())));
    run.writeSamples(samples);

    RunFolder opened = RunFolder.open(run.path());
    assertEquals("method: iLoRA\n", opened.recipe());
    assertEquals("Choose from [CansHere]\n", opened.template());
    assertTrue(opened.holdsWork());
    Run read = Run.read(opened);
    assertEquals(record, read.record());
    assertEquals(RandomRows.predictions(SLOT, 1, 0.5), read.on(CaseSet.TEST));
    assertEquals(List.of(point), read.curve());
    assertEquals(experts, read.experts());
    assertEquals(samples, read.samples());
    assertEquals(Optional.empty(), read.facts());
    assertEquals("iLoRA + user slot, seed 1", read.title());
  }

  @Test
  void samplesOfVersion02AreReadWithoutHistories() throws IOException {
    RunFolder run = RunFolder.create(folder);
    Files.writeString(
        folder.resolve("samples.jsonl"),
        """
        {"case":3,"user":"u","prompt":"P","gold":"Heat","answer":" Heat ","topCandidates":[]}
        """);
    Sample sample = run.samples().getFirst();
    assertEquals(Optional.empty(), sample.history());
    assertEquals(Optional.of("Heat"), sample.choice());
    assertTrue(sample.right());
    assertFalse(sample.isCold("Heat"));
  }

  @Test
  void casesOfThePapersStandBesideTheOthers() {
    RunFolder run = RunFolder.create(folder);
    run.write(MadeUpRun.record("SASRec", 1).withCandidates("sha256:other"));
    assertFalse(run.holdsWork());
    run.writeOutcomes(CaseSet.PAPER, RandomRows.predictions("SASRec", 1, 0.5));
    assertFalse(run.hasOutcomes(CaseSet.TEST));
    assertTrue(run.holdsWork());
    assertEquals(folder.resolve("outcomes-paper-rows.jsonl"), run.outcomesFile(CaseSet.PAPER));
    Run read = Run.read(run);
    assertFalse(read.evaluatedOn(CaseSet.TEST));
    assertEquals("sha256:aa", read.on(CaseSet.PAPER).candidatesHash());
    assertEquals(
        "SASRec, seed 1 was not evaluated on the cases TEST",
        assertThrows(IllegalArgumentException.class, () -> read.on(CaseSet.TEST)).getMessage());
    run.writeOutcomes(CaseSet.PAPER, RandomRows.predictions("SASRec", 2, 0.5));
    assertRefused(run, run.outcomesFile(CaseSet.PAPER) + ": seed is 2, but 1 in run.json");
  }

  @Test
  void everyCaseHasAWeightOfEveryExpert() throws IOException {
    RunFolder run = RunFolder.create(folder);
    Path file = folder.resolve("experts.jsonl");
    String line = "{\"case\":%d,\"user\":\"u\",\"weights\":%s}\n";
    Files.writeString(file, line.formatted(0, "[0.5,0.5]") + line.formatted(1, "[1.0]"));
    assertEquals(
        file + ":2: weights of 1 experts, but the first case has 2",
        assertThrows(BadInputException.class, run::expertWeights).getMessage());
    for (String weights : List.of("[]", "[0.5,-0.5]", "[1e999,0]")) {
      Files.writeString(file, line.formatted(0, weights));
      String message = assertThrows(BadInputException.class, run::expertWeights).getMessage();
      assertTrue(message.startsWith(file + ":1: weights: expected "), message);
    }
  }

  @Test
  void aRunThatHasJustBegunHasNothingElse() {
    RunFolder run = RunFolder.create(folder);
    run.write(MadeUpRun.record("SASRec", 2));
    Run read = Run.read(run);
    assertEquals(Map.of(), read.outcomes());
    assertEquals(List.of(), read.experts());
    assertEquals(List.of(), read.samples());
    assertEquals(List.of(), read.curve());
  }

  @Test
  void outcomesAndFactsOfAnotherRunAreRefused() {
    RunFolder run = RunFolder.create(folder);
    Path outcomes = run.outcomesFile(CaseSet.TEST);
    run.write(MadeUpRun.record("SASRec", 2));
    run.writeOutcomes(CaseSet.TEST, RandomRows.predictions("SASRec", 1, 0.5));
    assertRefused(run, outcomes + ": seed is 1, but 2 in run.json");
    run.writeOutcomes(CaseSet.TEST, RandomRows.predictions("iLoRA", 2, 0.5));
    assertRefused(run, outcomes + ": method is iLoRA, but SASRec in run.json");
    run.writeOutcomes(CaseSet.TEST, RandomRows.predictions("SASRec", 2, 0.5));
    run.write(MadeUpRun.record("SASRec", 2).withCandidates("sha256:bb"));
    assertRefused(run, outcomes + ": candidates hash is sha256:aa, but sha256:bb in run.json");
    run.write(MadeUpRun.record("SASRec", 2).withCandidates("sha256:aa"));
    run.writeCaseFacts(
        new CaseFacts(new CaseFacts.About("sha256:cc", 10, Optional.empty()), List.of()));
    assertRefused(
        run,
        folder.resolve("cases.jsonl")
            + ": candidates hash is sha256:cc, but sha256:aa in run.json");
  }

  private static void assertRefused(RunFolder run, String message) {
    assertEquals(message, assertThrows(BadInputException.class, () -> Run.read(run)).getMessage());
  }

  @Test
  void aPlaceThatCannotHoldARunIsRefused() throws Exception {
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
  void foldersThatAreNoRunsAreRefused() {
    Path absent = folder.resolve("absent");
    assertEquals(
        absent + ": no such run folder",
        assertThrows(BadInputException.class, () -> RunFolder.open(absent)).getMessage());
    assertEquals(
        folder + ": not a run folder: it has no run.json",
        assertThrows(BadInputException.class, () -> RunFolder.open(folder)).getMessage());
  }

  /** It would otherwise be begun again over the trained model that lies there. */
  @Test
  void aRunOfAnEarlierVersionIsRefusedByName() throws Exception {
    Path manifest = Files.writeString(folder.resolve("manifest.json"), "{\"schema\": 1}");
    assertFalse(RunFolder.holdsRun(folder), "any tool may write a manifest.json");
    Files.writeString(folder.resolve("recipe.yaml"), "method: sasrec\n");
    assertTrue(RunFolder.holdsRun(folder));
    String message =
        manifest
            + ": schema is 1, written by an earlier version of ilora; this version reads schema 2,"
            + " in run.json: make the run again in another folder";
    assertEquals(
        message, assertThrows(BadInputException.class, () -> RunFolder.open(folder)).getMessage());
    assertEquals(
        message,
        assertThrows(BadInputException.class, () -> RunFolder.create(folder)).getMessage());
  }
}
