package dev.ilora.cli;

import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Split;
import dev.ilora.experiment.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which data a recommender command works on, how they are cut, and the words that change the recipe
 * it works by.
 */
final class DataArguments {
  private static final String SPLIT = "rows.split=";
  private static final String HISTORY = "rows.history=";

  @Mixin private SplitArgument cut;

  @Option(
      names = "--history",
      paramLabel = "N",
      description = "Most history items (rows.history=N; default: 10, or the recommender's).")
  private Optional<Integer> historyLength = Optional.empty();

  /**
   * The recipe of a recommender command.
   *
   * @param options the command's own options, as words; the user's words count more
   * @param usualHistory history items where nothing is said
   * @throws ConfigException if a word is no setting of a recipe
   */
  Recipe recipe(List<String> options, List<String> words, int usualHistory) {
    List<String> all = new ArrayList<>(options);
    all.add(HISTORY + historyLength.orElse(usualHistory));
    for (String word : words) {
      if (!word.contains("=")) {
        throw new ConfigException(
            "'%s': expected key=value, such as rows.history=20".formatted(word));
      }
      all.add(word);
    }
    if (historyLength.orElse(usualHistory) < 3 && !isGiven(words, "rows.minHistory")) {
      all.add("rows.minHistory=" + Math.max(1, historyLength.orElse(usualHistory)));
    }
    return Config.bind(Recipe.class, all);
  }

  /** Whether the user's words set a key. */
  static boolean isGiven(List<String> words, String key) {
    return words.stream().anyMatch(word -> word.startsWith(key + "="));
  }

  /** Reads and cuts a dataset folder, or the demo world for the word demo. */
  Split split(Path folder, Recipe recipe, List<String> words) throws IOException {
    Optional<String> rule =
        words.stream().anyMatch(word -> word.startsWith(SPLIT))
            ? Optional.of(recipe.rows().split())
            : Optional.empty();
    return cut.split(folder, rule, recipe.rows().history());
  }
}
