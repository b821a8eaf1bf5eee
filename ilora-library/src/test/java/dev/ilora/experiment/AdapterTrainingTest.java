package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.runs.RunFolder;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checkpoints of a run are told apart by. */
@OneThread
class AdapterTrainingTest {
  private static final String FINGERPRINT = "fingerprint";

  @TempDir Path folder;
  private MiniWorld world;
  private Recipe recipe;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
    recipe = world.llara("recommender.epochs=1");
  }

  private static Path checkpoint(RunFolder run) throws IOException {
    try (var files = Files.list(run.checkpoints())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
          .sorted()
          .toList()
          .getLast();
    }
  }

  private static String fingerprint(Path checkpoint) {
    try (SafeTensors stored = SafeTensors.open(checkpoint)) {
      return stored.metadata().get(FINGERPRINT);
    }
  }

  private static void rewrite(Path checkpoint, String fingerprint) {
    try (var _ = Scope.open();
        SafeTensors stored = SafeTensors.open(checkpoint)) {
      Map<String, String> metadata = new LinkedHashMap<>(stored.metadata());
      metadata.put(FINGERPRINT, fingerprint);
      SafeTensors.write(checkpoint, stored.loadAll(), metadata);
    }
  }

  /** The fingerprint before outputs of projectors had a scale. */
  private String earlier(RunFolder run, String workspace) {
    Workspace shared = world.workspace(workspace);
    return Hashes.key(
        run.recipe(),
        run.template(),
        shared.data(recipe).hash(),
        BaseModels.hash(world.base()),
        shared.recommenders(recipe).guideHash());
  }

  @Test
  void projectorsTaughtWithTheModelGoOnFromEarlierCheckpoints() throws IOException {
    RunFolder run = world.interrupted(recipe, "taught").folder();
    assertEquals(earlier(run, "taught"), fingerprint(checkpoint(run)));
  }

  @Test
  void aCheckpointOfAProjectorWhoseOutputsAreNotScaledIsRefused() throws IOException {
    Files.delete(world.base().resolve(BaseModels.PROJECTOR));
    RunFolder run = world.interrupted(recipe, "new").folder();
    Path checkpoint = checkpoint(run);
    String scaled = fingerprint(checkpoint);
    String earlier = earlier(run, "new");
    assertNotEquals(earlier, scaled);

    rewrite(checkpoint, earlier);
    Experiment again = Experiment.begin(recipe, world.workspace("new"));
    assertEquals(
        checkpoint
            + ": checkpoint of another training: its fingerprint is "
            + earlier
            + ", that of this one "
            + scaled
            + "; use another folder, or delete "
            + run.checkpoints(),
        assertThrows(BadInputException.class, again::train).getMessage());

    rewrite(checkpoint, scaled);
    again.train();
    assertEquals(again.modelFolder(), Experiment.model(run.path()));
  }
}
