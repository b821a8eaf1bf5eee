package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.GgufModels;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommend.Recommender;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.RunFolder;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base model in a GGUF file is used as the same one in a folder. */
@OneThread
@Tag("slow")
class GgufRunTest {
  @TempDir Path folder;
  private MiniWorld world;
  private Path file;

  @BeforeEach
  void writeModel() throws IOException {
    world = MiniWorld.in(folder);
    file = GgufModels.write(world.base(), folder.resolve("own.gguf"));
  }

  private RunFolder run(String method, Path model, String workspace) {
    Experiment run =
        Experiment.begin(world.recipe(method, "llm.path=" + model), world.workspace(workspace));
    run.prepare();
    run.train();
    run.evaluate();
    return run.folder();
  }

  private static byte[] outcomes(RunFolder run) throws IOException {
    return Files.readAllBytes(run.outcomesFile(CaseSet.TEST));
  }

  @Test
  void aRunHasTheSameOutcomesAndItsModelIsExportedWithTheFile() throws IOException {
    RunFolder own = run("tallrec", world.base(), "own");
    RunFolder read = run("tallrec", file, "read");
    assertArrayEquals(outcomes(own), outcomes(read));
    assertEquals(Optional.of(BaseModels.hash(file)), read.record().inputs().baseModelHash());

    Path exported = folder.resolve("exported");
    Path model = read.model();
    assertTrue(ModelFolder.export(model, exported, Map.of(), Optional.of(file), false, false));
    assertTrue(Files.exists(exported.resolve("base/own.gguf")));
    Files.delete(file);
    try (Recommender recommender = Recommender.load(exported)) {
      assertEquals(List.of("own.gguf"), baseName(exported));
      assertTrue(recommender.catalogue().size() > 0);
    }
  }

  private static List<String> baseName(Path exported) {
    return ModelFolder.card(exported).base().stream().map(base -> base.name()).toList();
  }
}
