package dev.ilora.cli;

import dev.ilora.experiment.DryRun;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.statistics.Metrics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code ilora train}: one run of a recipe. */
@CommandLine.Command(
    name = "train",
    header = "Train one method as a recipe says, into a run folder.",
    description = {
      "What the run needs (candidates, recommender) is made on first use beside it and",
      "shared with later runs. An interrupted run goes on from its last checkpoint when the same",
      "command is given again."
    },
    footer = {
      "",
      "Example:",
      "  ilora train recipes/ilora.yaml data=data/ml-100k training.steps=500"
    })
final class TrainCommand implements Command {
  @CommandLine.Parameters(
      paramLabel = "RECIPE|key=value",
      arity = "1..*",
      description = "A recipe file, and words that change it.")
  private List<String> words;

  @CommandLine.Mixin private ModelOptions options;

  @CommandLine.Mixin private ThreadOptions threads;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for runs; runs/ and the data folder's name by default.")
  private Path out;

  @CommandLine.Option(
      names = "--dry-run",
      description = {
        "Begin no run: say what memory and time its training takes, from a few passes over the",
        "longest prompts. What runs share (candidates, the recommender that guides them) is made",
        "if it is not there. Fails with advice where the training does not fit into the memory",
        "that is free."
      })
  private boolean dryRun;

  @Override
  public void run(Terminal terminal) {
    Recipe recipe = only(RecipeArguments.files(words), options.overrides(words));
    threads.set(terminal);
    Workspace workspace = RecipeArguments.workspace(out, recipe, terminal);
    if (dryRun) {
      EstimateText.print(DryRun.of(recipe, workspace), terminal);
      return;
    }
    Experiment experiment = Experiment.begin(recipe, workspace);
    experiment.prepare();
    experiment.train();
    Metrics metrics = experiment.validate();
    Path folder = experiment.folder().path();
    terminal.line("Trained " + recipe.label() + " in " + folder);
    terminal.line("Validation users: " + MetricsLine.of(metrics));
    terminal.line("Next: ./ilora eval " + ShellWord.of(folder));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("run", folder.toString());
    result.put("method", recipe.label());
    result.put("seed", recipe.seed());
    result.put("validation", metrics.byKey());
    result.put("costs", experiment.folder().record().costs());
    terminal.json(result);
  }

  private static Recipe only(List<Path> files, List<String> overrides) {
    if (files.size() != 1) {
      throw new dev.ilora.config.ConfigException(
          List.of(
              "expected one recipe file, got " + files.size() + " (ilora study takes several)"));
    }
    return RecipeArguments.recipes(files, overrides).getFirst();
  }
}
