package dev.ilora.experiment;

import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.llm.WeightForm;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.Method;
import dev.ilora.runs.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/** The models of one run, as its method has them; whoever opens one closes it. */
final class RunModels {
  private final Recipe recipe;
  private final Workspace workspace;
  private final RunFolder folder;

  RunModels(Recipe recipe, Workspace workspace, RunFolder folder) {
    this.recipe = recipe;
    this.workspace = workspace;
    this.folder = folder;
  }

  /** The model folder of the run. */
  TrainedModel trained() {
    return new TrainedModel(recipe, workspace, folder.model());
  }

  /** The prompt model as training starts from it; the frozen one where the method trains none. */
  OpenModel fresh() {
    return FreshModel.create(recipe, workspace);
  }

  /** The trained prompt model, or the frozen one where the method trains none. */
  OpenModel open() {
    return recipe.method().adapts()
        ? ModelFolder.open(TrainedModel.of(folder), TrainedModel.options(recipe))
        : fresh();
  }

  /** The same with matrices of the language model held in another form than in training. */
  OpenModel open(WeightForm form) {
    return recipe.method().adapts()
        ? ModelFolder.open(TrainedModel.of(folder), TrainedModel.options(recipe).weights(form))
        : FreshModel.create(recipe.with(form), workspace);
  }

  /** The network of a run whose method is one, trained where it is not there yet. */
  SequenceRecommender network() {
    return workspace.recommenders(recipe).of(architecture());
  }

  /** The curve of the network's training, where it was trained in this workspace. */
  Optional<Path> networkCurve() {
    return workspace.recommenders(recipe).curve(architecture());
  }

  /** Says that the network of the run, or its guide, was trained on other threads. */
  Optional<String> otherThreads() {
    return workspace
        .recommenders(recipe)
        .otherThreads(
            recipe.method().asksLanguageModel() ? Architecture.Model.SASREC : architecture());
  }

  private Architecture.Model architecture() {
    return switch (recipe.method()) {
      case GRU4REC -> Architecture.Model.GRU4REC;
      case CASER -> Architecture.Model.CASER;
      case SASREC -> Architecture.Model.SASREC;
      case POPULARITY, ZERO_SHOT, TALLREC, LLARA, ILORA ->
          throw new IllegalStateException(recipe.method() + " is not a network");
    };
  }

  /** The recommender of a run whose method is one. */
  ItemScorer recommender() {
    return recipe.method() == Method.POPULARITY
        ? new Popularity(workspace.data(recipe).split().trainCounts())
        : network();
  }

  /** Writes a prompt model to the model folder. */
  void save(OpenModel model) {
    trained().save(model, baseHash(), folder.recipe());
  }

  /** Content hash of the language model. */
  String baseHash() {
    return workspace.baseHash(BaseModels.folder(recipe.llm().path()));
  }
}
