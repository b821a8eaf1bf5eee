package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.SealedFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.runs.RunFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small part of the demo world in a folder, with a copy of the base model, and recipes whose runs
 * take seconds.
 */
public final class MiniWorld {
  private static final int USERS = 50;
  private static final String COMMON =
      "rows.testRows=10 rows.validRows=5 rows.candidates=5 training.steps=3 training.batch=4"
          + " training.microBatch=2 evaluation.samples=2";

  private final Path folder;

  private MiniWorld(Path folder) {
    this.folder = folder;
  }

  /** Writes the data and the base model into a folder. */
  public static MiniWorld in(Path folder) throws IOException {
    MiniWorld world = new MiniWorld(folder);
    Files.createDirectory(world.base());
    try (var files = Files.list(BaseModels.folder(BaseModels.OURS))) {
      for (Path file : files.toList()) {
        Files.copy(file, world.base().resolve(file.getFileName()));
      }
    }
    Dataset demo = DemoWorld.generate(1);
    DatasetFolder.write(
        new Dataset("mini", demo.items(), demo.users().subList(0, USERS), demo.provenance()),
        world.data());
    return world;
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** The folder of the base model. */
  public Path base() {
    return folder.resolve("base");
  }

  /** A recipe of a method, with settings that override the small ones. */
  public Recipe recipe(String method, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("method=" + method, "data=" + data(), "llm.path=" + base(), "llm.dtype=fp32"));
    words.addAll(List.of(COMMON.split(" ")));
    words.addAll(List.of(more));
    return Config.bind(Recipe.class, words);
  }

  /** The mixture of two experts, with dropout. */
  public Recipe ilora(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("prompt.embeddings=title-tokens", "adapter.experts=2", "adapter.dropout=0.1"));
    words.addAll(List.of(more));
    return recipe("ilora", words.toArray(String[]::new));
  }

  /** LLaRA with embeddings in slots. */
  public Recipe llara(String... more) {
    List<String> words = new ArrayList<>(List.of("prompt.embeddings=slot"));
    words.addAll(List.of(more));
    return recipe("llara", words.toArray(String[]::new));
  }

  /** The workspace of that name. */
  public Workspace workspace(String name) {
    return workspace(name, Progress.NONE, Interruption.never());
  }

  /** The workspace of that name, with a listener and what stops its runs. */
  public Workspace workspace(String name, Progress progress, Interruption interruption) {
    return new Workspace(
        folder.resolve(name), new RunContext(progress, interruption, InstantSource.system()));
  }

  /** A run of a workspace of that name that was interrupted after its first training step. */
  Experiment interrupted(Recipe recipe, String name) {
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (what, done, _, _) -> {
          if (what.startsWith("training " + recipe.label()) && done == 1) {
            interruption.request();
          }
        };
    Experiment stopped = Experiment.begin(recipe, workspace(name, interrupt, interruption));
    assertThrows(InterruptedRunException.class, stopped::train);
    return stopped;
  }

  /**
   * The content of all files below a folder by name, without records, which hold durations, and
   * without seals, which hold hashes of former files too.
   */
  public static Map<String, byte[]> contents(Path root) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.endsWith(RunFolder.RECORD) && !SealedFile.isSeal(file)) {
          all.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return all;
  }
}
