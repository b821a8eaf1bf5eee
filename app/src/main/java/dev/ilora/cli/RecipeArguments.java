package dev.ilora.cli;

import dev.ilora.config.Config;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recipe files and {@code key=value} words as given on the command line. */
final class RecipeArguments {
  private RecipeArguments() {}

  /** The words that are files. */
  static List<Path> files(List<String> words) {
    return words.stream().filter(word -> !word.contains("=")).map(Path::of).toList();
  }

  /** The words that change a recipe. */
  static List<String> overrides(List<String> words) {
    return words.stream().filter(word -> word.contains("=")).toList();
  }

  /**
   * Binds every file with the same overrides.
   *
   * @throws dev.ilora.config.ConfigException with every mistake of the first file that has some
   */
  static List<Recipe> recipes(List<Path> files, List<String> overrides) {
    List<Recipe> recipes = new ArrayList<>();
    for (Path file : files) {
      recipes.add(Config.bind(Recipe.class, file, overrides));
    }
    return recipes;
  }

  /** The workspace runs go to: the folder given, or runs/ and the name of the data folder. */
  static Workspace workspace(Path out, Recipe recipe, Terminal terminal) {
    Path root =
        out != null ? out : Path.of("runs").resolve(recipe.data().toAbsolutePath().getFileName());
    return new Workspace(root, terminal.context());
  }
}
