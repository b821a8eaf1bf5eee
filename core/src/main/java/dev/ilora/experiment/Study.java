package dev.ilora.experiment;

import dev.ilora.adapter.GateConfig;
import dev.ilora.eval.Bootstrap;
import dev.ilora.results.ResultTable;
import dev.ilora.results.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
   * @throws IllegalArgumentException if a method is named twice or recipes differ in data or rows
   */
  public Study(Workspace workspace, List<Recipe> recipes, int seeds) {
    if (recipes.isEmpty()) {
      throw new IllegalArgumentException("a study needs at least one recipe");
    }
    if (seeds < 1) {
      throw new IllegalArgumentException("seeds: expected at least 1, got " + seeds);
    }
    Recipe first = recipes.getFirst();
    for (Recipe recipe : recipes) {
      if (!recipe.data().equals(first.data()) || !recipe.rows().equals(first.rows())) {
        throw new IllegalArgumentException(
            "%s and %s are not on the same data and rows: their figures cannot stand in one table"
                .formatted(first.method().label(), recipe.method().label()));
      }
    }
    if (recipes.stream().map(Recipe::method).distinct().count() < recipes.size()) {
      throw new IllegalArgumentException("a study names each method once");
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
   * @throws IllegalArgumentException if several jobs are asked for with dropout or a noisy gate:
   *     they would share one generator, and a seed would not decide a run any more
   */
  public ResultTable run(int jobs) {
    requireRepeatable(jobs);
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
    Jobs.run(runs, jobs, workspace.progress());
    List<RunResult> results = runs.stream().map(run -> run.folder().result()).toList();
    return ResultTable.of(results, Method.ILORA.label(), Bootstrap.DEFAULT);
  }

  private void requireRepeatable(int jobs) {
    for (Recipe recipe : recipes) {
      if (jobs == 1 || !recipe.method().adapts()) {
        continue;
      }
      if (recipe.adapter().experts() > 1 && recipe.adapter().gate() == GateConfig.Kind.NOISY) {
        throw new IllegalArgumentException(
            "adapter.gate is noisy: several jobs at once need another one, or use 1 job");
      }
      if (recipe.adapter().dropout() > 0) {
        throw new IllegalArgumentException(
            "adapter.dropout is %s: several jobs at once need 0, or use 1 job"
                .formatted(recipe.adapter().dropout()));
      }
    }
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
