package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.Window;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.Hashes;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.train.RecommenderTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What several runs on the same data share: rows, frozen candidates, recommenders. Each is made
 * once, in a folder named after the settings and data it was made from, so that a second run finds
 * it and a run with other settings does not. May be used by several threads.
 */
public final class Workspace {
  private final Path root;
  private final Progress progress;
  private final Interruption interruption;
  private final InstantSource clock;
  private final Map<Path, Dataset> datasets = new HashMap<>();
  private final Map<Path, String> dataHashes = new HashMap<>();
  private final Map<Path, String> baseHashes = new HashMap<>();
  private final Map<String, Split> splits = new HashMap<>();

  /**
   * @param root folder all runs and shared parts are put in
   */
  public Workspace(Path root, Progress progress, Interruption interruption, InstantSource clock) {
    this.root = root;
    this.progress = progress;
    this.interruption = interruption;
    this.clock = clock;
  }

  /** The folder of everything. */
  public Path root() {
    return root;
  }

  public Progress progress() {
    return progress;
  }

  public Interruption interruption() {
    return interruption;
  }

  InstantSource clock() {
    return clock;
  }

  /** The folder of a run. */
  public Path runFolder(Recipe recipe) {
    return root.resolve(recipe.folderName() + "-seed" + recipe.seed());
  }

  /**
   * The data of a recipe, read once.
   *
   * @throws BadInputException if it is not a dataset folder or holds no interactions
   */
  public synchronized Dataset dataset(Recipe recipe) {
    return datasets.computeIfAbsent(
        recipe.data(),
        folder -> {
          try {
            return DatasetFolder.read(folder);
          } catch (IOException e) {
            throw new BadInputException(folder, "cannot be read: " + e.getMessage());
          }
        });
  }

  /** Content hash of the recipe's data. */
  public synchronized String dataHash(Recipe recipe) {
    return dataHashes.computeIfAbsent(recipe.data(), _ -> DatasetFolder.hash(dataset(recipe)));
  }

  /** Content hash of a language model's folder, read once: finished runs of a study share it. */
  synchronized String baseHash(Path base) {
    return baseHashes.computeIfAbsent(base, BaseModels::hash);
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
   * The recipe's split.
   *
   * @throws ConfigException if the data cannot be split so
   */
  public synchronized Split split(Recipe recipe) {
    Recipe.Rows rows = recipe.rows();
    try {
      return splits.computeIfAbsent(
          recipe.data() + " " + rows.split() + " " + rows.history(),
          _ -> SplitRule.parse(rows.split()).apply(dataset(recipe), rows.history()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rows.split: " + e.getMessage());
    }
  }

  /** The rows of a part: all of training, a fixed sample of the others. */
  public List<Case> rows(Recipe recipe, Part part) {
    Recipe.Rows rows = recipe.rows();
    return switch (part) {
      case TRAIN -> split(recipe).trainRows(rows.minHistory());
      case VALID -> sample(recipe, part, rows.validRows());
      case TEST -> sample(recipe, part, rows.testRows());
    };
  }

  private List<Case> sample(Recipe recipe, Part part, int count) {
    Recipe.Rows rows = recipe.rows();
    List<Case> all = split(recipe).rows(part, rows.positions(), rows.minHistory());
    return all.isEmpty() ? all : Split.sample(all, count, rows.candidateSeed());
  }

  /**
   * The items each training user had before the end of training: what training never draws as a
   * wrong candidate. What is held out may be drawn, as any item the user does not know yet.
   */
  public Map<String, BitSet> seenInTraining(Recipe recipe) {
    Map<String, BitSet> seen = new HashMap<>();
    for (Window window : split(recipe).train()) {
      BitSet items = seen.computeIfAbsent(window.user().user(), _ -> new BitSet());
      for (int position = 0; position < window.to(); position++) {
        items.set(window.user().items()[position]);
      }
    }
    return seen;
  }

  /** The frozen candidates of a part, drawn and written on first use. */
  public synchronized CandidateFile candidates(Recipe recipe, Part part) {
    String key = Hashes.key(Config.yaml(recipe.rows()), part.fileName(), dataHash(recipe));
    Path file = root.resolve("candidates-" + part.fileName() + "-" + key + ".jsonl");
    List<Case> rows = rows(recipe, part);
    if (rows.isEmpty()) {
      throw new ConfigException(
          "no %s row of %s: with split %s no position has rows.minHistory=%d items before it"
              .formatted(
                  part.fileName(),
                  recipe.data(),
                  recipe.rows().split(),
                  recipe.rows().minHistory()));
    }
    try {
      if (!Files.exists(file)) {
        draw(recipe, rows).write(file);
      }
      CandidateFile candidates = CandidateFile.read(file);
      candidates.requireMatches(rows);
      return candidates;
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The cases of a part with their frozen candidates. */
  public List<Case> cases(Recipe recipe, Part part) {
    return candidates(recipe, part).of(rows(recipe, part));
  }

  private CandidateFile draw(Recipe recipe, List<Case> rows) {
    try {
      return CandidateFile.draw(
          rows, dataset(recipe), recipe.rows().candidates(), recipe.rows().candidateSeed());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rows.candidates: " + e.getMessage());
    }
  }

  /**
   * A trained sequence recommender: the recipe's own path, or one trained on first use with the
   * run's seed.
   *
   * @param model which network; a recipe's own may be any where it only guides a language model
   * @throws BadInputException if the recipe's own is another network, or of another number of items
   */
  public synchronized SequenceRecommender recommender(Recipe recipe, Architecture.Model model) {
    Device device = device(recipe);
    if (recipe.recommender().path().isPresent()) {
      return given(recipe, model, recipe.recommender().path().get(), device);
    }
    RecommenderConfig config =
        recipe.recommender().config(model, recipe.rows().history(), recipe.seed());
    Path folder = recommenderFolder(recipe, model, config);
    if (!Files.exists(folder.resolve("recommender.json"))) {
      trainRecommender(recipe, config, folder, device);
    }
    return sequence(folder, ItemScorer.load(folder, device));
  }

  /** Content hash of the SASRec that guides a recipe's language model, made on first use. */
  public synchronized String guideHash(Recipe recipe) {
    recommender(recipe, Architecture.Model.SASREC).close();
    RecommenderConfig config =
        recipe
            .recommender()
            .config(Architecture.Model.SASREC, recipe.rows().history(), recipe.seed());
    return BaseModels.hash(
        recipe
            .recommender()
            .path()
            .orElseGet(() -> recommenderFolder(recipe, Architecture.Model.SASREC, config)));
  }

  private SequenceRecommender given(
      Recipe recipe, Architecture.Model model, Path folder, Device device) {
    SequenceRecommender given = sequence(folder, ItemScorer.load(folder, device));
    int items = dataset(recipe).itemCount();
    boolean isMethod = !recipe.method().asksLanguageModel();
    String mistake = null;
    if (isMethod && !given.name().equals(model.title())) {
      mistake = "holds %s, the method is %s".formatted(given.name(), model.title());
    } else if (given.itemCount() != items) {
      mistake =
          "knows %d items, %s has %d: it was trained on other data"
              .formatted(given.itemCount(), recipe.data(), items);
    }
    if (mistake != null) {
      given.close();
      throw new BadInputException(folder, mistake);
    }
    return given;
  }

  private Path recommenderFolder(
      Recipe recipe, Architecture.Model model, RecommenderConfig config) {
    String key =
        Hashes.key(
            Config.yaml(config),
            recipe.rows().split(),
            "" + recipe.rows().history(),
            dataHash(recipe));
    return root.resolve(
        "recommender-%s-seed%d-%s"
            .formatted(model.title().toLowerCase(Locale.ROOT), recipe.seed(), key));
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

  private void trainRecommender(
      Recipe recipe, RecommenderConfig config, Path folder, Device device) {
    String what = "training " + config.model().title() + " (seed " + recipe.seed() + ")";
    var before = clock.instant();
    var result =
        RecommenderTraining.train(
            config,
            split(recipe),
            device,
            epoch ->
                progress.update(
                    what,
                    epoch.epoch(),
                    config.epochs(),
                    "loss %.3f, validation HR@1 %.3f"
                        .formatted(epoch.loss(), epoch.validationHitRate())));
    progress.update(what, config.epochs(), config.epochs(), "best epoch " + result.bestEpoch());
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("data_hash", dataHash(recipe));
    provenance.put("seed", recipe.seed());
    provenance.put("best_epoch", result.bestEpoch());
    provenance.put("seconds", secondsSince(before));
    result.model().save(folder, provenance);
    result.model().close();
  }

  /**
   * The recipe's prompt template: a built-in name or a file.
   *
   * @throws ConfigException if no template has that name
   */
  public static PromptTemplate template(Recipe recipe) {
    String name = recipe.prompt().template();
    if (name.contains("/") || name.contains(".")) {
      return PromptTemplate.load(Path.of(name));
    }
    try {
      return PromptTemplate.named(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("prompt.template: " + e.getMessage());
    }
  }

  double secondsSince(java.time.Instant before) {
    return Duration.between(before, clock.instant()).toMillis() / 1000.0;
  }
}
