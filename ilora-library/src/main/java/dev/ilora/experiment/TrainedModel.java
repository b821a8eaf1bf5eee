package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.evaluate.Protocol;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptForm;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommend.ModelCard;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.runs.Environment;
import dev.ilora.runs.RunFolder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The model folder of a run: what it holds follows from the recipe. */
final class TrainedModel {
  private final Recipe recipe;
  private final Workspace workspace;
  private final Path folder;

  TrainedModel(Recipe recipe, Workspace workspace, Path folder) {
    this.recipe = recipe;
    this.workspace = workspace;
    this.folder = folder;
  }

  /** Whether it is there, whole. */
  boolean exists() {
    return ModelFolder.isOne(folder);
  }

  /** Writes the model of a run whose method is a recommender. */
  void save(ItemScorer scorer, String recipeText) {
    ModelFolder.save(folder, card(Optional.empty(), 0), catalogue(), scorer, recipeText);
  }

  /** Writes the model of a run whose method is a language model. */
  void save(OpenModel trained, String baseHash, String recipeText) {
    Path base = BaseModels.folder(recipe.llm().path()).toAbsolutePath().normalize();
    var described =
        new ModelCard.Base(
            base.getFileName().toString(),
            baseHash,
            recipe.llm().dtype().name().toLowerCase(Locale.ROOT),
            recipe.llm().weights());
    PromptForm asked =
        new PromptForm(
            recipe.prompt().embeddings(),
            recipe.prompt().vectors(),
            recipe.prompt().userSlot(),
            recipe.prompt().chat(),
            recipe.adapter().guidance(),
            recipe.seed(),
            recipe.evaluation().protocol() instanceof Protocol.Likelihood(LikelihoodForm form)
                ? form
                : LikelihoodForm.SUM);
    ModelFolder.save(
        folder,
        card(Optional.of(described), recipe.rows().candidates()),
        catalogue(),
        trained.model(),
        asked,
        Workspace.template(recipe),
        new Popularity(workspace.data(recipe).split().trainCounts()),
        recipeText);
  }

  /**
   * The folder of the model of a trained run.
   *
   * @throws BadInputException if the run is not trained, or the model is another run's
   */
  static Path of(RunFolder run) {
    if (!ModelFolder.isOne(run.model())) {
      throw new BadInputException(
          run.path(), "is not trained: run ilora train with its recipe first");
    }
    ModelCard card = ModelFolder.card(run.model());
    run.requireOwnModel(card.name(), card.seed(), card.data().sha256());
    return run.model();
  }

  /**
   * Where a recipe's language model is, if it still is there, and its device. Elsewhere it is found
   * by its content.
   */
  static LoadOptions options(Recipe recipe) {
    LoadOptions options = LoadOptions.DEFAULT.device(recipe.device());
    return recipe.method().asksLanguageModel()
            && BaseModels.exists(BaseModels.folder(recipe.llm().path()))
        ? options.base(recipe.llm().path())
        : options;
  }

  private ModelCard card(Optional<ModelCard.Base> base, int candidates) {
    return new ModelCard(
        recipe.label(),
        recipe.method().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        recipe.seed(),
        new ModelCard.Limits(recipe.rows().history(), candidates),
        new ModelCard.Data(workspace.data(recipe).dataset().name(), workspace.data(recipe).hash()),
        base,
        Map.of(),
        Environment.iloraVersion());
  }

  private Catalogue catalogue() {
    return new Catalogue(
        workspace.data(recipe).dataset().items().stream()
            .map(item -> new CatalogueItem(item.key(), item.title()))
            .toList());
  }
}
