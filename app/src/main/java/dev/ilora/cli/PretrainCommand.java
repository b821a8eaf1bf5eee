package dev.ilora.cli;

import dev.ilora.config.Config;
import dev.ilora.experiment.Method;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code ilora pretrain}: a base model of our own. */
@CommandLine.Command(
    name = "pretrain",
    header = "Make a small language model that knows a data set's items, without user behaviour.",
    description = {
      "The result is a Hugging Face folder (config.json, model.safetensors, tokenizer.json). A"
          + " study",
      "makes the same model by itself; a model of your own takes its place with llm.path=FOLDER."
    },
    footer = {"", "Example:", "  ilora pretrain data=data/ml-100k prompt.template=movie-short"})
final class PretrainCommand implements Command {
  @CommandLine.Parameters(
      paramLabel = "key=value",
      arity = "1..*",
      description = "The recipe's data, prompt.template and llm settings.")
  private List<String> words;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for runs; runs/ and the data folder's name by default.")
  private Path out;

  @Override
  public void run(Terminal terminal) {
    List<String> overrides = new ArrayList<>(words);
    overrides.add("method=" + Method.ZERO_SHOT);
    Recipe recipe = Config.bind(Recipe.class, overrides);
    Workspace workspace = RecipeArguments.workspace(out, recipe, terminal);
    Path folder = workspace.base(recipe);
    terminal.line("The base model is in " + folder);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("base", folder.toString());
    terminal.json(result);
  }
}
