package dev.ilora.cli;

import dev.ilora.compare.Explanation;
import dev.ilora.compare.ResultTable;
import dev.ilora.config.ConfigException;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.runs.Method;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.study.Study;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code ilora study}: several methods and seeds, one table. */
@CommandLine.Command(
    name = "study",
    header = "Train and evaluate several recipes on the same cases, and compare them in one table.",
    description = {
      "Every method ranks the same frozen candidates of the same cases. Finished runs are kept, so"
          + " a",
      "study that was interrupted goes on, and one with another recipe added runs only that."
    },
    footer = {
      "",
      "Example:",
      "  ilora study recipes/headline/*.yaml data=data/ml-100k prompt.template=movie-short --seeds"
          + " 3",
      "",
      "A recipe's 'name' tells forms of one method apart, its 'seeds' stands above --seeds. Paired",
      "tests compare the recipe called iLoRA, or else the last one, with each other one."
    })
final class StudyCommand implements Command {
  @CommandLine.Parameters(
      paramLabel = "RECIPE|key=value",
      arity = "1..*",
      description = "Recipe files, and words that change all of them.")
  private List<String> words;

  @CommandLine.Option(
      names = "--seeds",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Runs of each recipe that has something random and no 'seeds' of its own (default"
              + " ${DEFAULT-VALUE}).")
  private int seeds;

  @CommandLine.Mixin private ModelOptions options;

  @CommandLine.Mixin private ThreadOptions threads;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for runs; runs/ and the data folder's name by default.")
  private Path out;

  @CommandLine.Option(
      names = "--jobs",
      defaultValue = "1",
      paramLabel = "N",
      description = {
        "Language-model runs trained and evaluated at the same time, each on one thread",
        "(default ${DEFAULT-VALUE}: one after another, each on all cores)."
      })
  private int jobs;

  @CommandLine.Option(names = "--markdown", description = "Print the tables as Markdown.")
  private boolean markdown;

  @Override
  public void run(Terminal terminal) {
    Instant started = Instant.now();
    List<Recipe> recipes =
        RecipeArguments.recipes(RecipeArguments.files(words), options.overrides(words));
    if (recipes.isEmpty()) {
      throw new ConfigException(List.of("expected at least one recipe file"));
    }
    threads.set(terminal);
    Workspace workspace = RecipeArguments.workspace(out, recipes.getFirst(), terminal);
    Study study = new Study(workspace, recipes, seeds);
    List<ResultTable> tables = study.run(jobs);
    long seconds = Duration.between(started, Instant.now()).toSeconds();
    Explanation explanation =
        Explanation.of(
            study.finished(), study.reference(), Method.LLARA.label(), Bootstrap.DEFAULT);
    terminal.line(text(tables.getFirst()));
    terminal.line(markdown ? explanation.markdown() : explanation.text());
    tables.stream().skip(1).forEach(table -> terminal.line(text(table)));
    terminal.line(
        "This command took %d min %02d s; runs are in %s."
            .formatted(seconds / 60, seconds % 60, workspace.root()));
    terminal.line(
        "Next: ./ilora report "
            + study.runs().stream().map(ShellWord::of).collect(Collectors.joining(" ")));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("tables", tables.stream().map(ResultTable::json).toList());
    result.put("explanation", explanation.json());
    result.put("runs", study.runs().stream().map(Path::toString).toList());
    result.put("wallSeconds", seconds);
    terminal.json(result);
  }

  private String text(ResultTable table) {
    return markdown ? table.markdown() : table.text();
  }
}
