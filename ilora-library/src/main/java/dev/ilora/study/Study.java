package dev.ilora.study;

import dev.ilora.adapter.GateConfig;
import dev.ilora.compare.ResultTable;
import dev.ilora.config.ConfigException;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.runs.Method;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Several recipes and seeds on the same rows and candidates, in one table. Methods without anything
 * random run once. A method may stand there in several forms: recipes that differ in their names.
 *
 * <p>Paired tests compare one recipe with each other one: the one called iLoRA, or the last one
 * where none is.
 */
public final class Study {
  private final Workspace workspace;
  private final List<Recipe> recipes;
  private final int seeds;

  /**
   * @param recipes those to compare, each with a name or method of its own
   * @param seeds how many seeds each is run with, from the recipe's own upwards, where the recipe
   *     does not say
   * @throws ConfigException if there is no recipe or seed, two recipes have one name, or recipes
   *     differ in data or rows
   */
  public Study(Workspace workspace, List<Recipe> recipes, int seeds) {
    if (recipes.isEmpty()) {
      throw new ConfigException("a study needs at least one recipe");
    }
    if (seeds < 1) {
      throw new ConfigException("seeds: expected at least 1, got " + seeds);
    }
    Recipe first = recipes.getFirst();
    for (Recipe recipe : recipes) {
      if (!recipe.data().equals(first.data()) || !recipe.rows().equals(first.rows())) {
        throw new ConfigException(
            "%s and %s are not on the same data and rows: their figures cannot stand in one table"
                .formatted(first.label(), recipe.label()));
      }
    }
    requireDistinct(recipes);
    this.workspace = workspace;
    this.recipes = List.copyOf(recipes);
    this.seeds = seeds;
  }

  private static void requireDistinct(List<Recipe> recipes) {
    Map<String, Recipe> folders = new HashMap<>();
    for (Recipe recipe : recipes) {
      Recipe former = folders.putIfAbsent(recipe.folderName(), recipe);
      if (former != null) {
        throw new ConfigException(
            "%s and %s would share the runs %s-seedN: give each recipe a name of its own"
                .formatted(former.label(), recipe.label(), recipe.folderName()));
      }
    }
  }

  /**
   * Runs whatever is not finished yet, and compares everything.
   *
   * @return the table of the test rows, and that of the papers' rows where the recipes ask for them
   * @param jobs language-model runs trained and evaluated at the same time, each on one thread; 1
   *     for one after another on all threads
   * @throws ConfigException if there are no jobs, or if several are asked for where {@link
   *     #runsTogether} is not so
   */
  public List<ResultTable> run(int jobs) {
    if (jobs < 1) {
      throw new ConfigException("jobs: expected at least 1, got " + jobs);
    }
    if (jobs > 1) {
      recipes.forEach(Study::requireOwnRandomness);
    }
    List<Experiment> runs =
        runRecipes().map(recipe -> Experiment.share(recipe, workspace)).toList();
    // Recommenders first, so that the time of their training is counted with them.
    runs.stream()
        .sorted(Comparator.comparing(run -> run.recipe().method().asksLanguageModel()))
        .forEach(Experiment::prepare);
    Jobs.run(runs, jobs, workspace);
    StudyCases.keep(runs, workspace);
    List<Run> finished = finished();
    return recipes.getFirst().rows().sets().stream()
        .map(set -> ResultTable.of(set, finished, reference(), Bootstrap.DEFAULT))
        .toList();
  }

  /**
   * Its runs with all they left behind.
   *
   * @throws dev.ilora.BadInputException if one has not begun, or a file of it cannot be read
   */
  public List<Run> finished() {
    return runs().stream().map(RunFolder::open).map(Run::read).toList();
  }

  /**
   * Whether several of its runs may go on at the same time. Not so with dropout or a noisy gate:
   * they would share one generator, and a seed would not decide a run any more.
   */
  public boolean runsTogether() {
    return recipes.stream().allMatch(recipe -> sharedRandomness(recipe).isEmpty());
  }

  private static void requireOwnRandomness(Recipe recipe) {
    sharedRandomness(recipe)
        .ifPresent(
            what -> {
              throw new ConfigException(what + ": several jobs at once share its generator, use 1");
            });
  }

  private static Optional<String> sharedRandomness(Recipe recipe) {
    if (!recipe.method().adapts()) {
      return Optional.empty();
    }
    if (recipe.adapter().experts() > 1 && recipe.adapter().gate() instanceof GateConfig.Noisy) {
      return Optional.of("adapter.gate is noisy");
    }
    return recipe.adapter().dropout() > 0
        ? Optional.of("adapter.dropout is " + recipe.adapter().dropout())
        : Optional.empty();
  }

  /** The run folders of this study. */
  public List<Path> runs() {
    return runRecipes().map(workspace::runFolder).toList();
  }

  private Stream<Recipe> runRecipes() {
    return recipes.stream()
        .flatMap(
            recipe ->
                IntStream.range(0, runs(recipe)).mapToObj(i -> recipe.run(recipe.seed() + i)));
  }

  private int runs(Recipe recipe) {
    return switch (recipe.method()) {
      case POPULARITY, ZERO_SHOT -> 1;
      case GRU4REC, CASER, SASREC, TALLREC, LLARA, ILORA -> recipe.seeds().orElse(seeds);
    };
  }

  /** The name of the recipe that is compared with each other one. */
  public String reference() {
    return recipes.stream()
        .map(Recipe::label)
        .filter(Method.ILORA.label()::equals)
        .findFirst()
        .orElse(recipes.getLast().label());
  }
}
