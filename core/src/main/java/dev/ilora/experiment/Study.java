package dev.ilora.experiment;

import dev.ilora.adapter.GateConfig;
import dev.ilora.config.ConfigException;
import dev.ilora.eval.Bootstrap;
import dev.ilora.results.ResultTable;
import dev.ilora.results.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Several recipes and seeds on the same rows and candidates, in one table. Methods without anything
 * random run once.
 */
public final class Study {
  private final Workspace workspace;
  private final List<Recipe> recipes;
  private final int seeds;

  /**
   * @param recipes one a method
   * @param seeds how many seeds each is run with, from the recipe's own upwards
   * @throws ConfigException if there is no recipe or seed, a method is named twice, or recipes
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
                .formatted(first.method().label(), recipe.method().label()));
      }
    }
    if (recipes.stream().map(Recipe::method).distinct().count() < recipes.size()) {
      throw new ConfigException("a study names each method once");
    }
    this.workspace = workspace;
    this.recipes = List.copyOf(recipes);
    this.seeds = seeds;
  }

  /**
   * Runs whatever is not finished yet, and compares everything.
   *
   * @param jobs language-model runs trained and evaluated at the same time, each on one thread; 1
   *     for one after another on all threads
   * @throws ConfigException if there are no jobs, or if several are asked for where {@link
   *     #runsTogether} is not so
   */
  public ResultTable run(int jobs) {
    if (jobs < 1) {
      throw new ConfigException("jobs: expected at least 1, got " + jobs);
    }
    if (jobs > 1) {
      recipes.forEach(Study::requireOwnRandomness);
    }
    List<Experiment> runs = new ArrayList<>();
    for (Recipe recipe : recipes) {
      for (int i = 0; i < (isRandom(recipe) ? seeds : 1); i++) {
        runs.add(Experiment.begin(recipe.withSeed(recipe.seed() + i), workspace));
      }
    }
    // Recommenders first, so that the time of their training is counted with them.
    runs.stream()
        .sorted(Comparator.comparing(run -> run.recipe().method().asksLanguageModel()))
        .forEach(Experiment::prepare);
    Jobs.run(runs, jobs, workspace);
    StudyRows.keep(runs, workspace);
    List<RunResult> results = runs.stream().map(run -> run.folder().result()).toList();
    return ResultTable.of(results, Method.ILORA.label(), Bootstrap.DEFAULT);
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
    if (recipe.adapter().experts() > 1 && recipe.adapter().gate() == GateConfig.Kind.NOISY) {
      return Optional.of("adapter.gate is noisy");
    }
    return recipe.adapter().dropout() > 0
        ? Optional.of("adapter.dropout is " + recipe.adapter().dropout())
        : Optional.empty();
  }

  /** The run folders of this study. */
  public List<Path> runs() {
    List<Path> runs = new ArrayList<>();
    for (Recipe recipe : recipes) {
      for (int i = 0; i < (isRandom(recipe) ? seeds : 1); i++) {
        runs.add(workspace.runFolder(recipe.withSeed(recipe.seed() + i)));
      }
    }
    return runs;
  }

  private static boolean isRandom(Recipe recipe) {
    return recipe.method() != Method.POPULARITY && recipe.method() != Method.ZERO_SHOT;
  }
}
