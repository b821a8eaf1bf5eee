package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.config.ConfigException;
import dev.ilora.experiment.Recipe.BaseSettings.Precision;
import dev.ilora.llm.Llama;
import dev.ilora.tensor.DType;
import dev.ilora.testing.OneThread;
import dev.ilora.train.PassPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training will take, and that asking for it begins none. */
@OneThread
class DryRunTest {
  @TempDir Path folder;
  private MiniWorld world;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  @Test
  void estimatesATraining() {
    DryRun dry =
        DryRun.of(world.ilora("llm.weights=int8", "recommender.epochs=1"), world.workspace("dry"));
    long fp32 = Llama.weightBytes(world.base(), DType.F32, Optional.empty());
    assertTrue(dry.estimate().weights() < fp32 / 3, dry.toString());
    // So small a model may fit into memory that other tests freed.
    assertTrue(dry.estimate().activations() >= 0, dry.toString());
    assertTrue(dry.estimate().evaluation() >= 0, dry.toString());
    assertTrue(dry.estimate().seconds() > 0, dry.toString());
    assertTrue(dry.longest() > 20, dry.toString());
    assertTrue(dry.fits() && dry.advice().isEmpty(), dry.toString());
    assertFalse(
        new DryRun(
                dry.estimate(), dry.estimate().bytes() - 1, dry.longest(), dry.passes(), List.of())
            .fits());
    assertEquals(new PassPlan(2, false), dry.passes());
  }

  @Test
  void methodsWithoutAdaptersAreRefused() {
    Recipe frozen = world.recipe("zero-shot");
    Workspace workspace = world.workspace("frozen");
    assertTrue(
        assertThrows(ConfigException.class, () -> DryRun.of(frozen, workspace))
            .getMessage()
            .contains("--dry-run"));
  }

  @Test
  void makesWhatRunsShareAndBeginsNoRun() throws IOException {
    Workspace workspace = world.workspace("dry");
    Recipe recipe = world.llara("recommender.epochs=1");
    DryRun.of(recipe, workspace);
    try (var made = Files.list(workspace.root())) {
      List<String> names = made.map(path -> path.getFileName().toString()).toList();
      assertTrue(names.stream().anyMatch(name -> name.startsWith("recommender-sasrec")));
    }
    assertFalse(Files.exists(workspace.runFolder(recipe)));
  }

  /** Runs that leave the type open take that of others in the workspace. */
  @Test
  void itsTypeIsNoOtherRuns() {
    Workspace workspace = world.workspace("dry");
    DryRun.of(world.recipe("tallrec", "llm.dtype=bf16"), workspace);
    // A base this narrow is multiplied in 32 bits unless another run says otherwise.
    for (Recipe open :
        List.of(world.recipe("tallrec", "llm.dtype=auto"), world.llara("llm.dtype=auto"))) {
      assertEquals(
          Precision.FP32, Experiment.begin(open, workspace).recipe().llm().dtype(), open.label());
    }
  }

  @Test
  void theLongestComeFirst() {
    List<String> words = List.of("aa", "b", "dddd", "ccc", "eeee");
    assertEquals(List.of("dddd", "eeee", "ccc"), LongestExamples.of(words, String::length, 3));
    assertEquals(5, LongestExamples.of(words, String::length, 9).size());
  }
}
