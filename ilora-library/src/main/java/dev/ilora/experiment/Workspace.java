package dev.ilora.experiment;

import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.runs.CaseSet;
import dev.ilora.tensor.Device;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * What several runs on the same data share: rows, frozen candidates, recommenders. Each is made
 * once, in a folder named after the settings and data it was made from, so that a second run finds
 * it and a run with other settings does not. May be used by several threads.
 */
public final class Workspace {
  private final Path root;
  private final RunContext context;
  private final Datasets datasets = new Datasets();
  private final Map<Path, String> baseHashes = new HashMap<>();

  /**
   * @param root folder all runs and shared parts are put in
   * @param context what its work tells and is told
   */
  public Workspace(Path root, RunContext context) {
    this.root = root;
    this.context = context;
  }

  /** A workspace whose work tells nobody how far it is. */
  public Workspace(Path root) {
    this(root, RunContext.silent(InstantSource.system()));
  }

  /** The folder of everything. */
  public Path root() {
    return root;
  }

  /** What work here tells and is told. */
  public RunContext context() {
    return context;
  }

  /** The folder of a run. */
  public Path runFolder(Recipe recipe) {
    return root.resolve(recipe.folderName() + "-seed" + recipe.seed());
  }

  /** The data a recipe is trained and evaluated on. */
  public StudyData data(Recipe recipe) {
    return new StudyData(datasets, root, Recipe.absolute(recipe.data()), recipe.rows());
  }

  /** The data of one of the sets of cases a recipe is evaluated on. */
  public StudyData data(Recipe recipe, CaseSet set) {
    return new StudyData(datasets, root, Recipe.absolute(recipe.data()), recipe.rows().of(set));
  }

  /** The sequence recommenders of a recipe. */
  public Recommenders recommenders(Recipe recipe) {
    return new Recommenders(this, data(recipe), recipe);
  }

  /** Content hash of a language model's folder, read once: finished runs of a study share it. */
  synchronized String baseHash(Path base) {
    return baseHashes.computeIfAbsent(base, BaseModels::hash);
  }

  /**
   * Refuses what a recipe names and is not there, before any work: its device, and its template.
   *
   * @throws ConfigException saying what is there
   */
  public static void requireUsable(Recipe recipe) {
    device(recipe);
    if (recipe.method().asksLanguageModel()) {
      template(recipe);
    }
  }

  /**
   * The recipe's device.
   *
   * @throws ConfigException if it is unknown or absent, saying what is there
   */
  static Device device(Recipe recipe) {
    try {
      return Device.parse(recipe.device());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /**
   * The recipe's prompt template: a built-in name or a file.
   *
   * @throws ConfigException if no template has that name
   */
  public static PromptTemplate template(Recipe recipe) {
    String name = recipe.prompt().template();
    if (name.indexOf('\0') >= 0) {
      throw new ConfigException("prompt.template: no file can have that name");
    }
    if (recipe.prompt().ownTemplate()) {
      return PromptTemplate.load(Path.of(name));
    }
    try {
      return PromptTemplate.named(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("prompt.template: " + e.getMessage());
    }
  }
}
