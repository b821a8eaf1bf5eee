package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.config.Config;
import dev.ilora.files.OtherProcess;
import dev.ilora.files.SealedFile;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that others use too, that are killed, or whose files are changed. */
@OneThread
class RunSafetyTest {
  @TempDir Path folder;
  private MiniWorld world;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  private Experiment finished(Recipe recipe) {
    Experiment run = Experiment.begin(recipe, world.workspace("runs"));
    run.prepare();
    run.train();
    run.evaluate();
    return run;
  }

  private static String refusal(org.junit.jupiter.api.function.Executable attempt) {
    return assertThrows(BadInputException.class, attempt).getMessage();
  }

  @Test
  void aRunThatAnotherProcessHasIsRefusedNamingIt() throws Exception {
    Recipe recipe = world.recipe("popularity");
    Workspace workspace = world.workspace("runs");
    Path run = workspace.runFolder(recipe);
    Experiment begun = Experiment.begin(recipe, workspace);
    try (OtherProcess other = OtherProcess.locking(run)) {
      String expected = run + ": is in use by process " + other.pid() + " on ";
      for (String message :
          List.of(
              refusal(() -> Experiment.begin(recipe, workspace)),
              refusal(begun::prepare),
              refusal(begun::train))) {
        assertTrue(message.startsWith(expected), message);
      }
      assertFalse(Files.exists(begun.modelFolder()));
      other.kill();
      begun.prepare();
      begun.train();
      assertTrue(Files.exists(begun.modelFolder()));
    }
  }

  @Test
  void aRunOfAStudyWaitsForTheOtherProcess() throws Exception {
    Recipe recipe = world.recipe("popularity");
    Path run = world.workspace("runs").runFolder(recipe);
    try (OtherProcess other = OtherProcess.locking(run)) {
      Progress killer =
          (what, _, _, _) -> {
            if (what.equals("waiting")) {
              other.kill();
            }
          };
      Workspace waiting = world.workspace("runs", killer, Interruption.never());
      Experiment.share(recipe, waiting).prepare();
      assertTrue(Files.exists(run.resolve("run.json")));
    }
  }

  @Test
  void aRunThatWasNotTrainedIsNotEvaluated() {
    for (String method : List.of("popularity", "sasrec", "tallrec")) {
      Experiment run = Experiment.begin(world.recipe(method), world.workspace("runs"));
      run.prepare();
      assertEquals(
          run.folder().path() + ": is not trained: run ilora train with its recipe first",
          refusal(run::evaluate));
      assertFalse(run.folder().hasOutcomes(CaseSet.TEST));
    }
  }

  @Test
  void whereOutcomesAreTheRecordTellsOfThem() throws IOException {
    Experiment run = finished(world.recipe("tallrec"));
    RunRecord whole = run.folder().record();
    Path outcomes = run.folder().outcomesFile(CaseSet.TEST);
    byte[] before = Files.readAllBytes(outcomes);
    SealedFile.delete(outcomes);
    Experiment again = Experiment.open(run.folder().path(), world.workspace("runs"));
    again.evaluate();
    assertArrayEquals(before, Files.readAllBytes(outcomes));
    RunRecord record = run.folder().record();
    assertEquals(whole.result().metrics(), record.result().metrics());
    assertTrue(
        record.costs().get(Phase.EVALUATE).seconds() > whole.costs().get(Phase.EVALUATE).seconds());
  }

  @Test
  void aPhaseThatIsKilledKeepsItsTimeAndNothingHalfDone() {
    RunFolder run = Experiment.begin(world.recipe("tallrec"), world.workspace("runs")).folder();
    LiveRecord killed = LiveRecord.of(run);
    killed.change(now -> now.withNote("half done"));
    killed.keepCost(Phase.TRAIN, Cost.ofSeconds(4));
    killed.keepCost(Phase.TRAIN, Cost.ofSeconds(5));
    assertEquals(5, run.record().costs().get(Phase.TRAIN).seconds());
    assertEquals(List.of(), run.record().result().notes());

    LiveRecord next = LiveRecord.of(run);
    next.keepCost(Phase.TRAIN, Cost.ofSeconds(2));
    assertEquals(7, run.record().costs().get(Phase.TRAIN).seconds());
    next.change(now -> now.withNote("done"));
    next.flush(Phase.TRAIN, Cost.ofSeconds(3));
    assertEquals(8, run.record().costs().get(Phase.TRAIN).seconds());
    assertEquals(List.of("done"), run.record().result().notes());
    killed.reload();
    assertEquals(run.record(), killed.now());
  }

  @Test
  void aPhaseThatWentOnOnOtherThreadsSaysSo() {
    RunRecord begun =
        Experiment.begin(world.recipe("tallrec"), world.workspace("runs")).folder().record();
    Cost one = new Cost(1, OptionalInt.of(1), OptionalLong.empty());
    Cost two = new Cost(1, OptionalInt.of(2), OptionalLong.empty());
    assertEquals(List.of(), begun.plus(Phase.TRAIN, one).plus(Phase.TRAIN, one).result().notes());
    assertEquals(
        List.of(
            "phase train began on 1 threads and went on on 2: its last bits are those of neither"),
        begun.plus(Phase.TRAIN, one).plus(Phase.TRAIN, two).result().notes());
  }

  @Test
  void aRunDoesNotDependOnTheFolderItWasBegunIn() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path relative = here.relativize(folder);
    Recipe recipe =
        world.recipe(
            "tallrec",
            "data=" + relative.resolve("data"),
            "llm.path=" + relative.resolve("x/../base"));
    Experiment run = finished(recipe);
    Recipe kept = Config.bind(Recipe.class, run.folder().recipeFile(), List.of());
    assertEquals(folder.resolve("data"), kept.data());
    assertEquals(folder.resolve("base"), kept.llm().path());
    Experiment.begin(recipe, world.workspace("runs"));
    run.folder().writeRecipe(Config.yaml(recipe.run(1).with(recipe.training().passes())));
    Experiment.begin(recipe, world.workspace("runs")).evaluate();
  }

  @Test
  void aBitThatFlipsInAFileOfARunIsReportedOrChangesNothing() throws IOException {
    Experiment run = finished(world.ilora());
    Path place = run.folder().path();
    Random random = new Random(3);
    List<String> names =
        List.of(
            "run.json",
            "recipe.yaml",
            "template.txt",
            "outcomes.jsonl",
            "experts.jsonl",
            "samples.jsonl",
            "curve.jsonl");
    for (String name : names) {
      Path file = place.resolve(name);
      byte[] before = Files.readAllBytes(file);
      for (int i = 0; i < 10; i++) {
        byte[] flipped = before.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(7));
        Files.write(file, flipped);
        String message = refusal(() -> readAll(place));
        assertTrue(message.startsWith(file.toString()), message);
      }
      Files.write(file, before);
    }
    readAll(place);
  }

  private static void readAll(Path run) {
    RunFolder read = RunFolder.open(run);
    read.recipe();
    read.template();
    read.record();
    read.curve().read();
    read.outcomes(CaseSet.TEST);
    read.expertWeights();
    read.samples();
  }

  @Test
  void candidatesThatChangedAreRefused() throws IOException {
    finished(world.recipe("popularity"));
    Path file;
    try (var files = Files.list(world.workspace("runs").root())) {
      file =
          files
              .filter(one -> one.getFileName().toString().startsWith("candidates-test-"))
              .findFirst()
              .orElseThrow();
    }
    String text = Files.readString(file);
    int at = text.indexOf('[') + 1;
    char other = text.charAt(at) == '1' ? '2' : '1';
    Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
    String message =
        refusal(() -> Experiment.begin(world.recipe("sasrec"), world.workspace("runs")).prepare());
    assertTrue(message.startsWith(file.toString()), message);
  }

  @Test
  void aRecommenderTrainedOnOtherThreadsIsSaid() {
    Experiment first = Experiment.begin(world.recipe("sasrec"), world.workspace("runs"));
    first.prepare();
    assertEquals(List.of(), first.folder().record().result().notes());
    Torch.threads(2);
    try {
      Experiment second = Experiment.begin(world.llara(), world.workspace("runs"));
      second.prepare();
      assertEquals(
          List.of(
              "SASRec was trained on 1 threads, this run has 2: trained here it would have other"
                  + " last bits"),
          second.folder().record().result().notes());
    } finally {
      Torch.threads(1);
    }
  }
}
