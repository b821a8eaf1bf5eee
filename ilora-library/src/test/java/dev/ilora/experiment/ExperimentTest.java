package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.WeightForm;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RunRecord;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.statistics.Metric;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One run: interrupted, taken up again, refused. */
@OneThread
class ExperimentTest {
  @TempDir Path folder;
  private MiniWorld world;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  private static Experiment finished(Recipe recipe, Workspace workspace) {
    Experiment run = Experiment.begin(recipe, workspace);
    run.prepare();
    run.train();
    run.evaluate();
    return run;
  }

  private static String refusal(Executable attempt) {
    return assertThrows(BadInputException.class, attempt).getMessage();
  }

  @Test
  void anInterruptedRunGoesOnToTheSameModel() throws IOException {
    requireSameModelAfterAnInterruption(world.ilora());
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightForm.class,
      names = {"ASIS", "INT8", "Q4_0", "NF4"})
  void anInterruptedRunOnAHeldModelGoesOnToTheSameModel(WeightForm form) throws IOException {
    Recipe recipe = world.ilora("llm.weights=" + form);
    requireSameModelAfterAnInterruption(recipe);
    Path run = world.workspace("whole").runFolder(recipe);
    assertEquals(
        Optional.of(form), ModelFolder.card(run.resolve("model")).base().orElseThrow().weights());
  }

  private void requireSameModelAfterAnInterruption(Recipe recipe) throws IOException {
    Path whole = finished(recipe, world.workspace("whole")).folder().path();
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (what, done, _, _) -> {
          if (what.startsWith("training iLoRA") && done == 1) {
            interruption.request();
          }
        };
    Experiment stopped =
        Experiment.begin(recipe, world.workspace("pieces", interrupt, interruption));
    assertThrows(InterruptedRunException.class, stopped::train);
    assertFalse(Files.exists(stopped.modelFolder()));
    assertTrue(stopped.folder().record().costs().containsKey(Phase.TRAIN));

    Path pieces = finished(recipe, world.workspace("pieces")).folder().path();
    Map<String, byte[]> again = MiniWorld.contents(pieces);
    MiniWorld.contents(whole)
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("model/") || name.endsWith("outcomes.jsonl")) {
                assertArrayEquals(bytes, again.get(name), name);
              }
            });
  }

  @Test
  void aRunKeepsTheWeightsThatRankedItsValidationRowsBest() {
    Experiment run =
        finished(
            world.ilora("training.steps=6", "training.validations=6", "training.learningRate=0.01"),
            world.workspace("runs"));
    List<Double> measured =
        run.folder().curve().read().stream()
            .map(point -> point.values().get(TrainingPoint.VALIDATION_RECIPROCAL_RANK))
            .filter(Objects::nonNull)
            .toList();
    assertEquals(6, measured.size());
    assertEquals(
        measured.stream().mapToDouble(figure -> figure).max().orElseThrow(),
        run.validate().get(Metric.MRR),
        1e-9);
  }

  @Test
  void aRunThatLeavesTheTypeOfTheBaseOpenKeepsTheOneDecided() {
    Workspace workspace = world.workspace("open");
    assertEquals(
        fp32(),
        Experiment.begin(world.recipe("tallrec", "llm.dtype=auto"), workspace).recipe().llm());
    Recipe asked = world.recipe("zero-shot", "llm.dtype=bf16");
    assertEquals(asked.llm().dtype(), Experiment.begin(asked, workspace).recipe().llm().dtype());
  }

  private Recipe.BaseSettings fp32() {
    return new Recipe.BaseSettings(
        world.base(), Recipe.BaseSettings.Precision.FP32, Optional.empty());
  }

  @Test
  void runsOfOneModelInOneWorkspaceHaveOneType() {
    Workspace workspace = world.workspace("one type");
    Experiment.begin(world.recipe("tallrec", "llm.dtype=bf16"), workspace);
    for (Recipe open :
        List.of(world.recipe("tallrec", "llm.dtype=auto"), world.llara("llm.dtype=auto"))) {
      assertEquals(
          Recipe.BaseSettings.Precision.BF16,
          Experiment.begin(open, workspace).recipe().llm().dtype());
    }
  }

  @Test
  void aTrainingGoesOnOnTheThreadsItBeganWith() throws IOException {
    // Four parts a step: two threads add their gradients up in another order.
    Recipe recipe = world.recipe("tallrec", "training.microBatch=1");
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (what, done, _, _) -> {
          if (what.startsWith("training TALLRec") && done == 1) {
            interruption.request();
          }
        };
    Path whole;
    try (var _ = Torch.onThreads(2)) {
      whole = finished(recipe, world.workspace("two threads")).modelFolder();
      Workspace pieces = world.workspace("in pieces", interrupt, interruption);
      assertThrows(InterruptedRunException.class, Experiment.begin(recipe, pieces)::train);
    }
    Path again = finished(recipe, world.workspace("in pieces")).modelFolder();
    Path one = finished(recipe, world.workspace("one thread")).modelFolder();
    String weights = "adapter_model.safetensors";
    assertArrayEquals(
        Files.readAllBytes(whole.resolve(weights)), Files.readAllBytes(again.resolve(weights)));
    assertFalse(
        Arrays.equals(
            Files.readAllBytes(whole.resolve(weights)), Files.readAllBytes(one.resolve(weights))),
        "threads decide the bits");
  }

  @Test
  void aRunWithoutValidationsKeepsItsLastWeights() {
    Experiment run = finished(world.ilora("training.validations=0"), world.workspace("runs"));
    assertTrue(
        run.folder().curve().read().stream()
            .noneMatch(
                point -> point.values().containsKey(TrainingPoint.VALIDATION_RECIPROCAL_RANK)));
  }

  @Test
  void aFolderWithAnotherRecipesRunIsRefusedNamingTheLine() throws IOException {
    Workspace workspace = world.workspace("runs");
    Path file =
        finished(world.recipe("popularity"), workspace).folder().path().resolve("recipe.yaml");
    List<String> lines = Files.readAllLines(file);
    int line = lines.indexOf("training:") + 2;
    assertEquals("  steps: 3", lines.get(line - 1));
    assertEquals(
        file
            + ":"
            + line
            + ": the run in this folder has 'steps: 3', this recipe 'steps: 9': use another"
            + " folder or delete this one",
        refusal(() -> Experiment.begin(world.recipe("popularity", "training.steps=9"), workspace)));
    assertEquals(lines, Files.readAllLines(file));
  }

  @Test
  void aRunWhoseRecipeLacksNewerKeysGoesOn() throws IOException {
    Workspace workspace = world.workspace("runs");
    Path run = finished(world.recipe("popularity"), workspace).folder().path();
    Path file = run.resolve("recipe.yaml");
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.remove("  leastSeen: 0"));
    Files.write(file, lines);
    Files.delete(run.resolve(".recipe.yaml.sha256"));
    assertEquals(run, Experiment.open(run, workspace).folder().path());
    assertEquals(run, Experiment.begin(world.recipe("popularity"), workspace).folder().path());
  }

  @Test
  void itemsThatTrainingSeldomChoseHaveNoVector() {
    Experiment run =
        Experiment.begin(world.ilora("prompt.leastSeen=1000000"), world.workspace("runs"));
    run.prepare();
    assertTrue(
        run.folder().record().result().notes().stream()
            .anyMatch(
                note ->
                    note.endsWith(
                        " items that training chose fewer than 1000000 times have no vector in"
                            + " prompts")),
        () -> run.folder().record().result().notes().toString());
  }

  @Test
  void aFolderThatCannotBeARunsIsRefused() throws IOException {
    Workspace workspace = world.workspace("runs");
    Path file = workspace.root().resolve("tallrec-seed8");
    Files.createDirectories(workspace.root());
    Files.writeString(file, "");
    assertEquals(
        file + ": cannot be a run folder: a file stands there",
        refusal(() -> Experiment.begin(world.recipe("tallrec", "seed=8"), workspace)));
    Path absent = workspace.root().resolve("nothing");
    assertEquals(
        absent + ": no such run folder", refusal(() -> Experiment.open(absent, workspace)));
  }

  @Test
  void aModelOfAnotherBaseIsRefusedNamingBoth() throws IOException {
    Workspace workspace = world.workspace("runs");
    Path run = finished(world.recipe("tallrec"), workspace).folder().path();
    Files.delete(run.resolve("outcomes.jsonl"));
    String trainedOn = BaseModels.hash(world.base());
    Path weights = world.base().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertEquals(
        run.resolve("model")
            + ": was trained on the base model base (SHA-256 "
            + trainedOn
            + "), not on "
            + world.base()
            + " ("
            + BaseModels.hash(world.base())
            + ")",
        refusal(() -> Experiment.open(run, world.workspace("runs")).evaluate()));
  }

  @Test
  void aLanguageModelAnswersThePapersRowsBesideItsTestRows() {
    Recipe recipe = world.recipe("zero-shot", "rows.paperRows=true");
    Experiment run = Experiment.begin(recipe, world.workspace("runs"));
    run.prepare();
    run.evaluate();
    assertEquals(10, run.folder().outcomes(CaseSet.TEST).rows().size());
    assertEquals(5, run.folder().outcomes(CaseSet.PAPER).rows().size());
    RunRecord record = run.folder().record();
    assertEquals(OptionalLong.of(0), record.result().trainedParameters());
    assertEquals(
        Set.of(Phase.EVALUATE, Phase.EVALUATE_PAPER_CASES, Phase.SHARED), record.costs().keySet());
  }
}
