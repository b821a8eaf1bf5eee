package dev.ilora.cli;

import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.pretrain.BaseRecipe;
import dev.ilora.pretrain.BaseTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** {@code ilora pretrain}: a base model of our own. */
@CommandLine.Command(
    name = "pretrain",
    header = "Make a small general language model, or tell one of a data set's items.",
    description = {
      "From scratch, by a recipe: the model is taught by text made up from a list of English words"
          + " and",
      "has seen no data set. With --from and --items a model goes on with the titles and",
      "attributes of a data set's items; what users did is never read.",
      "",
      "The result is a Hugging Face folder in bf16 and a projector of item vectors. Interrupted,"
          + " the",
      "same command goes on. Use it with --llm DIR."
    },
    footer = {
      "",
      "Examples:",
      "  ilora pretrain recipes/ilora-base.yaml --out runs/my-base",
      "  ilora pretrain --from ilora-base --items data/ml-100k --out runs/ml-100k-base"
    })
final class PretrainCommand implements Command {
  /** What a continuation takes where nothing else is said. */
  private static final List<String> CONTINUED = List.of("steps=300", "learningRate=0.0005");

  @CommandLine.Parameters(
      paramLabel = "RECIPE|key=value",
      arity = "0..*",
      description = "A recipe file, and words that change it.")
  private List<String> words = new ArrayList<>();

  @CommandLine.Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Base model to go on from.")
  private Path from;

  @CommandLine.Option(
      names = "--items",
      paramLabel = "DIR",
      description = "Data set whose items' titles and attributes are learned.")
  private Path items;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the model; by default in runs/, named after the recipe or data set.")
  private Path out;

  @Override
  public void run(Terminal terminal) {
    List<Path> files = RecipeArguments.files(words);
    if (files.size() > 1) {
      throw new ConfigException("expected one recipe file, got " + files);
    }
    Path folder = make(files, terminal);
    terminal.line("The base model is in %s; use it with --llm %s".formatted(folder, folder));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("base", folder.toString());
    terminal.json(result);
  }

  private Path make(List<Path> files, Terminal terminal) {
    List<String> overrides = new ArrayList<>();
    if (files.isEmpty()) {
      overrides.addAll(CONTINUED);
    }
    Optional.ofNullable(from).ifPresent(path -> overrides.add("from=" + path));
    Optional.ofNullable(items).ifPresent(path -> overrides.add("items=" + path));
    overrides.addAll(RecipeArguments.overrides(words));
    BaseRecipe recipe =
        files.isEmpty()
            ? Config.bind(BaseRecipe.class, overrides)
            : Config.bind(BaseRecipe.class, files.getFirst(), overrides);
    Path folder = out != null ? out : Path.of("runs", name(files, recipe));
    new BaseTraining(recipe, folder, terminal.context()).make();
    return folder;
  }

  private static String name(List<Path> files, BaseRecipe recipe) {
    if (!files.isEmpty()) {
      return files.getFirst().getFileName().toString().replaceFirst("\\.ya?ml$", "");
    }
    return recipe.items().map(path -> path.toAbsolutePath().getFileName() + "-base").orElse("base");
  }
}
