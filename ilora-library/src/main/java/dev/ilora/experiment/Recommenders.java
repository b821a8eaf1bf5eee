package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.config.Config;
import dev.ilora.files.Hashes;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.MakingLock;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Torch;
import dev.ilora.train.RecommenderOrigin;
import dev.ilora.train.RecommenderTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The sequence recommenders of a recipe: the one it names, or those trained on first use with the
 * run's seed, which runs with the same settings, data and seed share.
 */
public final class Recommenders {
  private final Workspace workspace;
  private final StudyData data;
  private final Recipe recipe;

  Recommenders(Workspace workspace, StudyData data, Recipe recipe) {
    this.workspace = workspace;
    this.data = data;
    this.recipe = recipe;
  }

  /**
   * A trained recommender.
   *
   * @param model which network; a recipe's own may be any where it only guides a language model
   * @throws BadInputException if the recipe's own is another network, or of another number of items
   */
  public SequenceRecommender of(Architecture.Model model) {
    synchronized (workspace) {
      if (recipe.recommender().path().isPresent()) {
        return given(model, recipe.recommender().path().get());
      }
      RecommenderConfig config = config(model);
      Path folder = folder(config);
      if (!isMade(folder) || Files.exists(RecommenderTraining.checkpoints(folder))) {
        try (var _ = MakingLock.waiting(folder, workspace.context())) {
          RecommenderTraining.clear(folder);
          if (!isMade(folder)) {
            train(config, folder);
          }
        }
      }
      return sequence(folder, ItemScorer.load(folder, Workspace.device(recipe)));
    }
  }

  private static boolean isMade(Path folder) {
    return Files.exists(folder.resolve("recommender.json"));
  }

  /** Content hash of the SASRec that guides the recipe's language model, made on first use. */
  public String guideHash() {
    of(Architecture.Model.SASREC).close();
    return BaseModels.hash(
        recipe.recommender().path().orElseGet(() -> folder(config(Architecture.Model.SASREC))));
  }

  /**
   * Says that a recommender was trained on another number of threads than this process has: made
   * here it would have other last bits.
   */
  Optional<String> otherThreads(Architecture.Model model) {
    Path file = folder(config(model)).resolve("recommender.json");
    if (recipe.recommender().path().isPresent() || !Files.exists(file)) {
      return Optional.empty();
    }
    JsonLine provenance = JsonLines.object(file).object("provenance");
    if (!provenance.has("threads") || provenance.integer("threads") == Torch.threads()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s was trained on %s threads, this run has %s: trained here it would have other last bits"
            .formatted(model.title(), provenance.integer("threads"), Torch.threads()));
  }

  /** The curve of a recommender's training, where it was trained here. */
  Optional<Path> curve(Architecture.Model model) {
    return recipe.recommender().path().isPresent()
        ? Optional.empty()
        : Optional.of(folder(config(model)).resolve(RecommenderTraining.CURVE))
            .filter(Files::exists);
  }

  private RecommenderConfig config(Architecture.Model model) {
    return recipe
        .recommender()
        .config(model, recipe.rows().history(), recipe.seed(), data.split().trainingRows());
  }

  private Path folder(RecommenderConfig config) {
    return workspace
        .root()
        .resolve(
            "recommender-%s-seed%s-%s"
                .formatted(
                    config.model().title().toLowerCase(Locale.ROOT), recipe.seed(), key(config)));
  }

  /** What a recommender depends on. */
  private String key(RecommenderConfig config) {
    return Hashes.key(
        Config.yaml(config), recipe.rows().split(), "" + recipe.rows().history(), data.hash());
  }

  private SequenceRecommender given(Architecture.Model model, Path folder) {
    SequenceRecommender given = sequence(folder, ItemScorer.load(folder, Workspace.device(recipe)));
    int items = data.dataset().itemCount();
    boolean isMethod = !recipe.method().asksLanguageModel();
    String mistake = null;
    if (isMethod && !given.name().equals(model.title())) {
      mistake = "holds %s, the method is %s".formatted(given.name(), model.title());
    } else if (given.itemCount() != items) {
      mistake =
          "knows %s items, %s has %s: it was trained on other data"
              .formatted(given.itemCount(), recipe.data(), items);
    } else {
      mistake =
          RecommenderOrigin.difference(folder, given, data.split(), data.hash())
              .map(difference -> difference + "; train one on this recipe's rows, or change rows")
              .orElse(null);
    }
    if (mistake != null) {
      given.close();
      throw new BadInputException(folder, mistake);
    }
    return given;
  }

  private static SequenceRecommender sequence(Path folder, ItemScorer recommender) {
    if (recommender instanceof SequenceRecommender sequence) {
      return sequence;
    }
    recommender.close();
    throw new BadInputException(
        folder,
        "holds %s; expected a recommender with sequence embeddings".formatted(recommender.name()));
  }

  private void train(RecommenderConfig config, Path folder) {
    String what = "training " + config.model().title() + " (seed " + recipe.seed() + ")";
    Map<String, Object> provenance =
        new LinkedHashMap<>(RecommenderOrigin.of(data.split(), data.hash()));
    provenance.put("seed", recipe.seed());
    workspace
        .context()
        .progress()
        .remark("%s: %s".formatted(config.model().title(), config.schedule()));
    var result =
        new RecommenderTraining(what, config, data.split(), Workspace.device(recipe))
            .run(workspace.context(), folder, key(config), provenance);
    result.model().close();
    result
        .remarks()
        .forEach(
            remark ->
                workspace.context().progress().remark(config.model().title() + ": " + remark));
  }
}
