package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of trained models, and which kind each is. */
final class Models {
  static final String NEITHER =
      "is neither a model folder (no model.json) nor a run (no recipe.yaml) nor a recommender (no"
          + " recommender.safetensors)";

  private Models() {}

  /** Whether a folder is a run of {@code ilora train}. */
  static boolean isRun(Path folder) {
    return Files.exists(folder.resolve("recipe.yaml"));
  }

  /** Whether a folder is a recommender that was trained or imported by itself. */
  static boolean isRecommender(Path folder) {
    return Files.exists(folder.resolve("recommender.safetensors"));
  }

  /** The workspace of a run: the folder around it. */
  static Workspace workspace(Path run, Terminal terminal) {
    return new Workspace(run.toAbsolutePath().normalize().resolveSibling(""), terminal.context());
  }

  /**
   * Opens a run.
   *
   * @throws BadInputException if the folder is none
   */
  static Experiment open(Path folder, Workspace workspace) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder, "no such run folder");
    }
    if (!isRun(folder)) {
      throw new BadInputException(folder, NEITHER);
    }
    return Experiment.open(folder, workspace);
  }
}
