package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.runs.DataSource;
import dev.ilora.runs.Environment;
import dev.ilora.runs.RecipeDifference;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run is made from. A run that was begun goes on with the same recipe, data and prompt
 * template or not at all: its folder would otherwise tell of something that never was.
 *
 * @param recipe the merged recipe, with whole paths
 * @param asked the same as it was asked for; runs of earlier versions kept that
 * @param template text of its prompt template, which may stand in a file
 * @param begun the record of a run that begins now
 */
record RunOrigin(String recipe, String asked, String template, RunRecord begun) {
  /**
   * Of a run that begins or goes on.
   *
   * @param given the recipe as it was given
   */
  static RunOrigin of(Recipe given, Workspace workspace) {
    Recipe recipe = given.absolute();
    Dataset dataset = workspace.data(recipe).dataset();
    String order = dataset.provenance().getOrDefault("order", "time");
    RunRecord begun =
        RunRecord.begin(
            new RunRecord.Identity(
                recipe.label(),
                recipe.method(),
                recipe.seed(),
                workspace.context().clock().instant(),
                Environment.current(Torch.threads(), recipe.device())),
            new DataSource(
                dataset.name(),
                workspace.data(recipe).hash(),
                dataset.users().size(),
                dataset.itemCount(),
                order));
    return new RunOrigin(
        Config.yaml(recipe),
        Config.yaml(given),
        Workspace.template(recipe).frame() + "\n",
        order.equals("time") ? begun : begun.withNote("each user's items are ordered by " + order));
  }

  /** The same of a recipe that differs only in what was left open. */
  RunOrigin with(Recipe given) {
    return new RunOrigin(Config.yaml(given.absolute()), Config.yaml(given), template, begun);
  }

  void write(RunFolder folder) {
    folder.writeRecipe(recipe);
    folder.writeTemplate(template);
    folder.write(begun);
  }

  /**
   * Says that a run's answers are another language model's than the recipe's is now: under one name
   * a model may have changed. Nothing where the run has no answers yet, or the model is gone.
   */
  static Optional<BadInputException> otherBase(
      RunFolder folder, Recipe recipe, Workspace workspace) {
    String before = folder.record().inputs().baseModelHash().orElse("");
    if (before.isEmpty() || !recipe.method().asksLanguageModel()) {
      return Optional.empty();
    }
    Path base = BaseModels.folder(recipe.llm().path());
    if (!BaseModels.exists(base) || workspace.baseHash(base).equals(before)) {
      return Optional.empty();
    }
    return Optional.of(
        new BadInputException(
            folder.recordFile(),
            "the run in this folder asked a model with hash %s, %s now has hash %s"
                    .formatted(before, base, workspace.baseHash(base))
                + RecipeDifference.ADVICE));
  }

  /** Whether the recipe kept there says the same; an earlier version knew fewer keys. */
  private boolean isSame(RunFolder folder) {
    try {
      Recipe kept = Config.bind(Recipe.class, folder.recipeFile(), List.of());
      return Config.yaml(kept).equals(recipe);
    } catch (ConfigException e) {
      return false;
    }
  }

  /** The first difference to what the run in a folder was made from. */
  Optional<BadInputException> difference(RunFolder folder) {
    String before = folder.recipe();
    var other =
        isSame(folder)
            ? Optional.<BadInputException>empty()
            : RecipeDifference.of("run", folder.recipeFile(), before, recipe);
    if (other.isPresent() && !before.equals(asked)) {
      return other;
    }
    String data = folder.record().inputs().data().hash();
    DataSource now = begun.inputs().data();
    if (!data.equals(now.hash())) {
      return Optional.of(
          new BadInputException(
              folder.recordFile(),
              "the run in this folder is on data with hash %s, '%s' now has hash %s"
                      .formatted(data, now.name(), now.hash())
                  + RecipeDifference.ADVICE));
    }
    if (!folder.template().equals(template)) {
      return Optional.of(
          new BadInputException(
              folder.templateFile(),
              "the run in this folder has the prompt '%s', the template is now '%s'"
                      .formatted(folder.template().strip(), template.strip())
                  + RecipeDifference.ADVICE));
    }
    return Optional.empty();
  }
}
