package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.machine.PeakMemory;
import dev.ilora.testing.OneThread;
import dev.ilora.train.PassPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a pass that a recipe leaves open: decided from memory, kept by the run. */
@OneThread
class PassChoiceTest {
  private static final String OPEN = "training.microBatch=null";

  @TempDir Path folder;
  private MiniWorld world;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  private static byte[] trained(Recipe recipe, Workspace workspace) throws IOException {
    Experiment run = Experiment.begin(recipe, workspace);
    run.train();
    return Files.readAllBytes(run.modelFolder().resolve("adapter_model.safetensors"));
  }

  private Path interrupted(Recipe recipe, String name) {
    return world.interrupted(recipe, name).folder().path();
  }

  private static String passes(Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("recipe.yaml"));
    return String.join(
        ",",
        lines.stream()
            .map(String::strip)
            .filter(
                line -> line.startsWith("microBatch:") || line.startsWith("checkpointActivations:"))
            .toList());
  }

  @Test
  void aSmallModelHasTheUsualPassesAndKeepsThem() throws IOException {
    Recipe open = world.recipe("tallrec", OPEN);
    Workspace workspace = world.workspace("open");
    Path run = Experiment.begin(open, workspace).folder().path();
    assertEquals("microBatch: null,checkpointActivations: null", passes(run));
    byte[] given = trained(open, workspace);
    assertEquals("microBatch: 8,checkpointActivations: false", passes(run));
    Recipe usual = world.recipe("tallrec", "training.microBatch=8");
    assertArrayEquals(trained(usual, world.workspace("usual")), given);
    assertEquals(PassPlan.USUAL, Experiment.begin(open, workspace).recipe().training().passes());
    assertEquals(run, Experiment.begin(usual, workspace).folder().path());
  }

  @Test
  void methodsThatPassNothingHaveNothingOpen() throws IOException {
    Path run =
        Experiment.begin(world.recipe("popularity", OPEN), world.workspace("runs")).folder().path();
    assertEquals("microBatch: 8,checkpointActivations: false", passes(run));
  }

  @Test
  void aRunThatGoesOnKeepsWhatWasDecided() throws IOException {
    Recipe small =
        world.recipe("tallrec", "training.microBatch=1", "training.checkpointActivations=true");
    Recipe open = world.recipe("tallrec", OPEN);
    byte[] whole = trained(small, world.workspace("whole"));
    Path run = interrupted(small, "pieces");
    byte[] pieces = trained(open, world.workspace("pieces"));
    assertEquals("microBatch: 1,checkpointActivations: true", passes(run));
    assertArrayEquals(whole, pieces);
    assertFalse(
        Arrays.equals(whole, trained(open, world.workspace("open"))), "passes decide the bits");
  }

  @Test
  void anotherNumberThanTheOneDecidedIsAnotherRun() throws IOException {
    interrupted(world.recipe("tallrec", OPEN), "runs");
    Recipe other = world.recipe("tallrec", "training.microBatch=1");
    Workspace workspace = world.workspace("runs");
    String refusal =
        assertThrows(BadInputException.class, () -> Experiment.begin(other, workspace))
            .getMessage();
    assertTrue(refusal.contains("has 'microBatch: 8', this recipe 'microBatch: 1'"), refusal);
  }

  @Test
  void whatEndedBeforeItsFirstCheckpointIsDecidedAnew() throws IOException {
    Workspace workspace = world.workspace("runs");
    Recipe large = world.recipe("tallrec", "training.microBatch=64");
    Path run = Experiment.begin(large, workspace).folder().path();
    byte[] record = Files.readAllBytes(run.resolve("run.json"));
    assertEquals("microBatch: 64,checkpointActivations: false", passes(run));
    Recipe open = world.recipe("tallrec", OPEN);
    assertEquals(open.training(), Experiment.begin(open, workspace).recipe().training());
    assertEquals("microBatch: null,checkpointActivations: null", passes(run));
    assertArrayEquals(record, Files.readAllBytes(run.resolve("run.json")), "the same run");
  }

  private PassPlan decided(OptionalLong free, List<String> remarks, String... words) {
    Recipe recipe = world.recipe("tallrec", words);
    Workspace workspace = world.workspace("runs");
    try (OpenModel open = FreshModel.create(recipe, workspace)) {
      var task = new AdapterTraining(recipe, workspace, open.model()).task();
      var longest = LongestExamples.of(open.model(), task, recipe.training());
      return new PassChoice(recipe.training(), open.model(), longest).decide(free, remarks::add);
    }
  }

  @Test
  void whereNothingIsFreeRowsPassOneByOneAndLayersAreComputedAgain() {
    Assumptions.assumeTrue(PeakMemory.begin().isPresent(), "measures memory");
    List<String> remarks = new ArrayList<>();
    assertEquals(new PassPlan(1, true), decided(OptionalLong.of(0), remarks, OPEN));
    assertEquals(1, remarks.size());
    assertTrue(
        remarks
            .getFirst()
            .startsWith(
                "training.microBatch=1 training.checkpointActivations=true (as measured; 0"),
        remarks::toString);
    String no = "training.checkpointActivations=false";
    assertEquals(new PassPlan(1, false), decided(OptionalLong.of(0), remarks, OPEN, no));
  }

  @Test
  void whereMemoryIsPlentyOrUnknownNothingIsMeasured() {
    List<String> remarks = new ArrayList<>();
    assertEquals(PassPlan.USUAL, decided(OptionalLong.of(1L << 40), remarks, OPEN));
    assertEquals(PassPlan.USUAL, decided(OptionalLong.empty(), remarks, OPEN));
    String yes = "training.checkpointActivations=true";
    assertEquals(new PassPlan(8, true), decided(OptionalLong.of(1L << 40), remarks, OPEN, yes));
    assertEquals(List.of(), remarks);
  }
}
