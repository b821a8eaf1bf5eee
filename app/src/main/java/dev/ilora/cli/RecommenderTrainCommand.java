package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Split;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Recipe;
import dev.ilora.files.Hashes;
import dev.ilora.files.MakingLock;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.tensor.Device;
import dev.ilora.train.RecommenderOrigin;
import dev.ilora.train.RecommenderTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora recommender train}. */
@CommandLine.Command(
    name = "train",
    header = "Train a recommender on a data set; keep its best weights on validation users.",
    description = "An interrupted training goes on when the same command is given again.",
    footer = {
      "",
      "Example:",
      "  ilora recommender train data/ml-100k --model SASRec --out runs/sasrec",
      "  ilora recommender train data/ml-100k recommender.width=32 --out runs/narrow"
    })
final class RecommenderTrainCommand implements Command {
  private static final String POPULARITY = "Popularity";

  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description = "Imported data set, or the word demo.")
  private Path data;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "Settings of a recipe, such as recommender.width=32 or rows.history=20.")
  private List<String> words = List.of();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "SASRec, GRU4Rec, Caser or Popularity (default: ${DEFAULT-VALUE}).")
  private String model = "SASRec";

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder to write.")
  private Path out;

  @Option(names = "--force", description = "Replace a recommender that is there.")
  private boolean force;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything drawn (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--epochs", paramLabel = "N", description = "Most passes over the data.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--device", paramLabel = "NAME", description = "cpu or cuda:N (default: cpu).")
  private String device = "cpu";

  @Mixin private DataArguments cut;

  @Mixin private ThreadOptions threads;

  /** The result as JSON. */
  private record Trained(
      String recommender,
      String folder,
      Integer bestEpoch,
      Double validationHitRate,
      List<RecommenderTraining.Epoch> epochs) {}

  @Override
  public void run(Terminal terminal) throws IOException {
    try (var _ = MakingLock.refusing(out)) {
      RecommenderTraining.clear(out);
      requireFree();
      boolean counts = model.equalsIgnoreCase(POPULARITY);
      Recipe recipe = recipe(counts ? POPULARITY : network().name());
      Split split = cut.split(data, recipe, words);
      if (counts) {
        countItems(split, terminal);
      } else {
        threads.set(terminal);
        train(config(recipe, split), split, device(recipe), terminal);
      }
    }
  }

  private Recipe recipe(String method) {
    List<String> options = new ArrayList<>();
    options.add("method=" + method.toLowerCase(Locale.ROOT));
    options.add("data=" + data);
    options.add("seed=" + seed);
    options.add("device=" + device);
    epochs.ifPresent(most -> options.add("recommender.epochs=" + most));
    return cut.recipe(options, words, Split.DEFAULT_HISTORY_LENGTH);
  }

  private Architecture.Model network() {
    try {
      return Architecture.Model.named(model);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private void requireFree() {
    if (ModelFolder.isOne(out)) {
      throw new BadInputException(out, "is a model folder; choose another folder");
    }
    if (Models.isRecommender(out) && Files.exists(out.resolve("recommender.json")) && !force) {
      throw new BadInputException(out, "exists already; choose another folder or --force");
    }
  }

  private RecommenderConfig config(Recipe recipe, Split split) {
    return recipe
        .recommender()
        .config(network(), recipe.rows().history(), recipe.seed(), split.trainingRows());
  }

  private static Device device(Recipe recipe) {
    try {
      return Device.parse(recipe.device());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private void countItems(Split split, Terminal terminal) {
    try (Popularity popularity = new Popularity(split.trainCounts())) {
      popularity.save(out, provenance(split));
    }
    terminal.line("Popularity counted; saved in " + out);
    terminal.json(new Trained(POPULARITY, out.toString(), null, null, List.of()));
  }

  private void train(RecommenderConfig config, Split split, Device place, Terminal terminal) {
    String title = config.model().title();
    Map<String, Object> provenance = provenance(split);
    String fingerprint = Hashes.key(Config.yaml(config), provenance.toString());
    terminal.remark("%s: %s".formatted(title, config.schedule()));
    var result =
        new RecommenderTraining("training " + title, config, split, place)
            .run(terminal.context(), out, fingerprint, provenance);
    result.model().close();
    result.remarks().forEach(terminal::remark);
    double hitRate = result.best().validationHitRate();
    terminal.line(
        String.format(
            Locale.ROOT,
            "%s: best epoch %d of %d, validation HR@1 (expected, of 20) %.4f; saved in %s",
            title,
            result.bestEpoch(),
            result.epochs().size(),
            hitRate,
            out));
    terminal.json(new Trained(title, out.toString(), result.bestEpoch(), hitRate, result.epochs()));
  }

  private static Map<String, Object> provenance(Split split) {
    return RecommenderOrigin.of(split, DatasetFolder.hash(split.dataset()));
  }
}
