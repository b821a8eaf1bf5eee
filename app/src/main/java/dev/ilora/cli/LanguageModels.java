package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.experiment.Experiment;
import dev.ilora.gguf.GgufFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the language model is that a user names by its folder, its file, or what adapts it. */
final class LanguageModels {
  private LanguageModels() {}

  /**
   * Finds the model of a Hugging Face folder, a GGUF file, a folder with one of these, a model
   * folder or a run.
   *
   * @return a Hugging Face folder or a GGUF file
   * @throws BadInputException if there is none
   */
  static Path locate(Path given) throws IOException {
    Optional<Path> adapting = adapting(given);
    if (adapting.isPresent()) {
      LoadOptions options =
          ModelFolder.isOne(given) ? LoadOptions.DEFAULT : Experiment.loadOptions(given);
      return ModelFolder.base(adapting.get(), options)
          .orElseThrow(
              () -> new BadInputException(given, "is a recommender without a language model"));
    }
    Path model = BaseModels.folder(given);
    if (!BaseModels.exists(model)) {
      throw new BadInputException(
          given, Files.exists(model) ? "is neither a folder nor a .gguf file" : "no such model");
    }
    return !Files.isDirectory(model) || Files.exists(model.resolve("config.json"))
        ? model
        : onlyGguf(model);
  }

  /** The model folder that adapts a language model: the given one, or that of a given run. */
  static Optional<Path> adapting(Path given) {
    if (ModelFolder.isOne(given)) {
      return Optional.of(given);
    }
    // Base models made here have a recipe.yaml too.
    return RunFolder.holdsRun(given) ? Optional.of(Experiment.model(given)) : Optional.empty();
  }

  private static Path onlyGguf(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files = inside.filter(GgufFile::isNamed).sorted().toList();
      if (files.size() == 1) {
        return files.getFirst();
      }
      throw new BadInputException(
          folder,
          files.isEmpty()
              ? "holds no language model: neither a config.json nor a .gguf file"
              : "holds several .gguf files; name one: "
                  + String.join(", ", files.stream().map(Path::toString).toList()));
    }
  }
}
