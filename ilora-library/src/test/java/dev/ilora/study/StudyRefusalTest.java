package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.config.ConfigException;
import dev.ilora.experiment.MiniWorld;
import dev.ilora.experiment.Recipe;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies of what cannot be compared, or not at once, are refused. */
@OneThread
class StudyRefusalTest {
  @TempDir static Path folder;
  private static MiniWorld world;

  @BeforeAll
  static void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  private static String refusal(int jobs, Recipe... recipes) {
    return assertThrows(
            ConfigException.class,
            () -> new Study(world.workspace("runs"), List.of(recipes), 1).run(jobs))
        .getMessage();
  }

  @Test
  void studiesOfWhatCannotBeComparedAreRefused() {
    String message =
        "Popularity and SASRec are not on the same data and rows: their figures cannot stand in"
            + " one table";
    assertEquals(
        message, refusal(1, world.recipe("popularity"), world.recipe("sasrec", "data=" + folder)));
    assertEquals(
        message,
        refusal(1, world.recipe("popularity"), world.recipe("sasrec", "rows.candidates=6")));
    assertEquals(
        "Popularity and Popularity would share the runs popularity-seedN: give each recipe a name"
            + " of its own",
        refusal(1, world.recipe("popularity"), world.recipe("popularity")));
    assertEquals(
        "LLaRA + slot and LLaRA (slot) would share the runs llara-slot-seedN: give each recipe a"
            + " name of its own",
        refusal(1, world.llara("name=LLaRA + slot"), world.llara("name=LLaRA (slot)")));
    assertEquals("a study needs at least one recipe", refusal(1));
    assertEquals(
        "adapter.dropout is 0.1: several jobs at once share its generator, use 1",
        refusal(2, world.ilora()));
    assertEquals(
        "adapter.gate is noisy: several jobs at once share its generator, use 1",
        refusal(2, world.ilora("adapter.gate=noisy")));
    assertEquals("jobs: expected at least 1, got 0", refusal(0, world.recipe("popularity")));
  }
}
