package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CaseFiles;
import dev.ilora.data.Item;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Experiment;
import dev.ilora.files.Hashes;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommend.ModelCard;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.RequestEstimate;
import dev.ilora.recommender.ItemScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model to ask: a model folder, a run, or a recommender with its items. */
final class ModelArgument {
  @Parameters(
      paramLabel = "MODEL|RUN",
      description = "A model folder of ilora export, a run of ilora train, or a recommender.")
  private Path folder;

  @Option(
      names = "--items",
      paramLabel = "PATH",
      description = "Items of a recommender's folder: an items.tsv or an imported data set.")
  private Path items;

  @Option(
      names = "--base",
      paramLabel = "FOLDER",
      description =
          "The language model of a model folder that does not hold it: a folder or GGUF file.")
  private Path base;

  Path folder() {
    return folder;
  }

  /** What answers depend on: the model's description, or a recommender's weights. */
  String identity() throws IOException {
    Path described =
        Models.isRun(folder)
            ? folder.resolve("model/model.json")
            : folder.resolve(ModelFolder.isOne(folder) ? "model.json" : "recommender.safetensors");
    return items == null
        ? Hashes.sha256(described)
        : Hashes.key(Hashes.sha256(described), itemsHash());
  }

  private String itemsHash() throws IOException {
    return Files.isDirectory(items)
        ? DatasetFolder.hash(DatasetFolder.read(items))
        : Hashes.sha256(items);
  }

  /**
   * Loads the model.
   *
   * @throws BadInputException if the folder holds none
   */
  Recommender load() throws IOException {
    if (isModel()) {
      return Recommender.load(modelFolder(), options());
    } else if (Models.isRecommender(folder)) {
      return recommender();
    }
    throw new BadInputException(folder, noModel());
  }

  /** Whether it is a model folder or a run, and not only a recommender. */
  private boolean isModel() throws IOException {
    return ModelFolder.isOne(folder) || Models.isRun(folder);
  }

  private Path modelFolder() {
    return ModelFolder.isOne(folder) ? folder : Experiment.model(folder);
  }

  private LoadOptions options() {
    LoadOptions options =
        ModelFolder.isOne(folder) ? LoadOptions.DEFAULT : Experiment.loadOptions(folder);
    return base == null ? options : options.base(base);
  }

  /**
   * Estimates what loading and asking the model takes.
   *
   * @throws ConfigException if it is a recommender alone
   */
  RequestEstimate estimate(Consumer<Recommender> ask) throws IOException {
    if (!isModel()) {
      throw new ConfigException("--dry-run is for model folders and runs, not for " + folder);
    }
    return RequestEstimate.measure(modelFolder(), options(), ask);
  }

  /** Why nothing can be loaded; runs inside are named. */
  private String noModel() throws IOException {
    if (!Files.isDirectory(folder)) {
      return "no such model or run folder";
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<String> runs = inside.filter(Models::isRun).map(Path::toString).sorted().toList();
      return runs.isEmpty()
          ? Models.NEITHER
          : "holds several runs; name one: " + String.join(", ", runs);
    }
  }

  private Recommender recommender() throws IOException {
    if (items == null) {
      throw new ConfigException(
          folder + " is a recommender, which knows no titles: name them with --items PATH");
    }
    List<Item> known =
        Files.isDirectory(items) ? DatasetFolder.read(items).items() : CaseFiles.readItems(items);
    ItemScorer scorer = ItemScorer.load(folder);
    if (scorer.itemCount() != known.size()) {
      scorer.close();
      throw new BadInputException(
          items,
          "has %s, but the %s knows %d"
              .formatted(Counted.of(known.size(), "item"), scorer.name(), scorer.itemCount()));
    }
    Catalogue catalogue =
        new Catalogue(
            known.stream().map(item -> new CatalogueItem(item.key(), item.title())).toList());
    ModelCard card =
        new ModelCard(
            scorer.name(),
            scorer.name().toLowerCase(java.util.Locale.ROOT),
            0,
            new ModelCard.Limits(scorer.historyLength(), 0),
            new ModelCard.Data(items.getFileName().toString(), ""),
            Optional.empty(),
            Map.of(),
            "");
    return Recommender.of(scorer, catalogue, card);
  }
}
