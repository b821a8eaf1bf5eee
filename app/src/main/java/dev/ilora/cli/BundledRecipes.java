package dev.ilora.cli;

import dev.ilora.ResourceText;
import dev.ilora.config.Config;
import dev.ilora.experiment.Recipe;
import dev.ilora.runs.Method;
import java.util.List;

/** The recipes that come with the program. */
final class BundledRecipes {
  private BundledRecipes() {}

  /** The recipe of a method, changed by words. */
  static Recipe recipe(Method method, List<String> words) {
    String name = "recipes/" + method.key() + ".yaml";
    return Config.bind(Recipe.class, name, text(name), words);
  }

  /** A text that lies beside this class. */
  static String text(String name) {
    return ResourceText.of(BundledRecipes.class.getResourceAsStream(name), name);
  }
}
