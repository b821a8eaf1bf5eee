package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.experiment.MiniWorld;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Reproduction;
import dev.ilora.experiment.Workspace;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.Cost;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RunFolder;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs at the same time share nothing that decides their results. */
@OneThread
class JobsTest {
  @TempDir static Path folder;
  private static MiniWorld world;

  @BeforeAll
  static void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  @Test
  void aRunThatHadOneThreadAmongOthersIsReproducedWithOne() throws IOException {
    Workspace workspace = world.workspace("reproduced");
    // Four parts a step: two threads add their gradients up in another order.
    Recipe recipe = world.recipe("tallrec", "training.microBatch=1");
    Torch.threads(2);
    try {
      Workspace ofTwoThreads = world.workspace("two threads");
      new Study(ofTwoThreads, List.of(recipe), 1).run(1);
      new Study(workspace, List.of(recipe, world.recipe("popularity")), 1).run(2);
      assertFalse(
          Arrays.equals(weights(ofTwoThreads), weights(workspace)), "threads decide the bits");
      Reproduction made =
          Reproduction.of(
              workspace.root().resolve("tallrec-seed1"),
              world.workspace("reproduced"),
              world.workspace("reproduction"));
      assertEquals(List.of(), made.differences());
      assertEquals(2, Torch.threads());
    } finally {
      Torch.threads(1);
    }
  }

  private static byte[] weights(Workspace workspace) throws IOException {
    return Files.readAllBytes(
        workspace.root().resolve("tallrec-seed1/model/adapter_model.safetensors"));
  }

  @Test
  @Tag("slow")
  void jobsAtTheSameTimeGiveWhatOneAfterAnotherGives() throws IOException {
    List<Recipe> recipes = List.of(world.recipe("tallrec"), world.ilora("adapter.dropout=0"));
    Workspace inTurn = world.workspace("one");
    Workspace atOnce = world.workspace("two");
    new Study(inTurn, recipes, 2).run(1);
    new Study(atOnce, recipes, 2).run(3);
    Path one = inTurn.root();
    Path two = atOnce.root();
    for (String run : List.of("tallrec-seed1", "tallrec-seed2", "ilora-seed1", "ilora-seed2")) {
      Map<Phase, Cost> costs = RunFolder.open(two.resolve(run)).record().costs();
      assertEquals(OptionalInt.of(1), costs.get(Phase.TRAIN).threads());
      assertTrue(costs.get(Phase.TRAIN).peakBytes().isEmpty(), "nobody's memory");
      assertEquals(
          PeakMemory.begin().isPresent() && run.endsWith("seed1"),
          costs.containsKey(Phase.REHEARSE),
          "one seed of each recipe is tried alone");
      for (String file : List.of("outcomes.jsonl", "model/adapter_model.safetensors")) {
        assertArrayEquals(
            Files.readAllBytes(one.resolve(run).resolve(file)),
            Files.readAllBytes(two.resolve(run).resolve(file)),
            run + " " + file);
      }
    }
  }
}
