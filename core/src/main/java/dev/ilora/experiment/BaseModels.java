package dev.ilora.experiment;

import dev.ilora.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where base models are: ilora-base comes with ilora, others are folders anywhere. */
public final class BaseModels {
  /** The name of the model that comes with ilora. */
  public static final Path OURS = Path.of("ilora-base");

  private BaseModels() {}

  /**
   * Returns the folder of a model: the given one, or that of ilora-base where its name is given and
   * no such folder is in the working directory.
   *
   * @throws BadInputException if ilora-base is not where ilora is
   */
  public static Path folder(Path given) {
    if (!given.equals(OURS) || Files.exists(given)) {
      return given;
    }
    Path folder = Path.of(System.getProperty("ilora.root", "."), "models").resolve(OURS);
    if (!Files.exists(folder.resolve("model.safetensors"))) {
      throw new BadInputException(
          folder, "holds no model.safetensors; it comes with ilora's sources (llm.path=DIR)");
    }
    return folder;
  }
}
