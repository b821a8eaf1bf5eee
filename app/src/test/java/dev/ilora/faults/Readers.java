package dev.ilora.faults;

import dev.ilora.config.Config;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Dataset;
import dev.ilora.data.StoredCases;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import dev.ilora.experiment.Recipe;
import dev.ilora.files.Hashes;
import dev.ilora.files.SealedFile;
import dev.ilora.llm.Llama;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommend.RequestFile;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Outcomes;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Everything that reads a file which is not this process's own. */
final class Readers {
  private Readers() {}

  /** Reads the folder of a good input, of which one file was changed, and returns what it says. */
  @FunctionalInterface
  interface Reading {
    Object of(Path folder) throws Exception;
  }

  /**
   * One reader.
   *
   * @param name shown in tables
   * @param folder of its good input
   * @param files those that are changed, one at a time
   * @param sealed whether a changed file that is accepted must say what the good one says
   */
  record Reader(String name, Path folder, List<String> files, boolean sealed, Reading reading) {}

  /** All of them, on their own copies of the corpus. */
  static List<Reader> all(Corpus corpus) throws IOException {
    List<Reader> all = new ArrayList<>();
    all.add(raw(corpus, "csv", DatasetFormat.CSV, "interactions.csv", "items.csv"));
    all.add(raw(corpus, "movielens", DatasetFormat.MOVIELENS_100K, "u.data", "u.item"));
    all.add(raw(corpus, "recbole", DatasetFormat.RECBOLE, "a.inter", "a.item"));
    all.add(raw(corpus, "sequences", DatasetFormat.SEQUENCES, "items.tsv", "users.jsonl"));
    Path data = corpus.folder("dataset");
    all.add(
        new Reader(
            "data set",
            data,
            List.of("dataset.yaml", "dataset.inter", "dataset.item", "dataset.user"),
            true,
            folder -> described(DatasetFolder.read(folder))));
    all.add(
        new Reader(
            "stored cases",
            corpus.folder("stored"),
            List.of("items.tsv", "rows.jsonl", "candidates.jsonl"),
            false,
            Readers::stored));
    all.add(
        new Reader(
            "requests",
            corpus.folder("requests"),
            List.of("requests.jsonl"),
            false,
            Readers::requests));
    all.add(
        new Reader(
            "language model",
            corpus.folder("base"),
            List.of("config.json", "model.safetensors"),
            false,
            Readers::languageModel));
    all.add(
        new Reader(
            "tokenizer",
            corpus.folder("base"),
            List.of("tokenizer.json"),
            false,
            Readers::tokenizer));
    all.add(
        new Reader(
            "GGUF file",
            corpus.folder("gguf"),
            List.of("model.gguf"),
            false,
            folder ->
                List.of(
                    languageModel(folder.resolve("model.gguf")),
                    tokenizer(folder.resolve("model.gguf")))));
    runs(corpus, all);
    return all;
  }

  private static void runs(Corpus corpus, List<Reader> all) throws IOException {
    Path runs = corpus.folder("runs");
    Path run = runs.resolve("ilora-seed1");
    List<String> files =
        List.of(
            "run.json",
            "recipe.yaml",
            "template.txt",
            "outcomes.jsonl",
            "candidates.jsonl",
            "experts.jsonl",
            "samples.jsonl",
            "curve.jsonl");
    all.add(new Reader("run", run, files, true, Readers::run));
    Path bare = unsealed(run, corpus.folder("bare-run"));
    all.add(new Reader("run without seals", bare, files, false, Readers::run));
    all.add(
        new Reader(
            "recipe",
            bare,
            List.of("recipe.yaml"),
            false,
            folder -> Config.bind(Recipe.class, folder.resolve("recipe.yaml"), List.of())));
    Path model = run.resolve("model");
    all.add(
        new Reader(
            "model",
            model,
            names(model).toList(),
            true,
            folder -> {
              ModelFolder.verify(folder);
              return List.of(ModelFolder.card(folder), ModelFolder.files(folder));
            }));
    Path bareModel = unsealed(model, corpus.folder("bare-model"));
    all.add(
        new Reader(
            "model.json without a seal",
            bareModel,
            List.of("model.json"),
            false,
            ModelFolder::card));
    Path recommender =
        names(runs)
            .filter(name -> name.startsWith("recommender-sasrec"))
            .map(runs::resolve)
            .filter(path -> Files.exists(path.resolve("recommender.json")))
            .findFirst()
            .orElseThrow();
    List<String> weights = List.of("recommender.safetensors");
    all.add(new Reader("recommender", recommender, weights, true, Readers::recommender));
    Path bareWeights = unsealed(recommender, corpus.folder("bare-recommender"));
    all.add(
        new Reader("recommender without seals", bareWeights, weights, false, Readers::recommender));
    Path checkpoints = run.resolve("checkpoints");
    all.add(
        new Reader(
            "checkpoint",
            checkpoints,
            names(checkpoints).toList(),
            true,
            folder -> tensors(folder.resolve(names(folder).findFirst().orElseThrow()))));
  }

  private static Reader raw(Corpus corpus, String name, DatasetFormat format, String... files) {
    return new Reader(
        name + " import",
        corpus.folder(name),
        List.of(files),
        false,
        folder -> described(Importer.read(folder, format, ImportOptions.defaults(format))));
  }

  private static Object described(Dataset dataset) {
    return List.of(dataset.name(), dataset.provenance(), DatasetFolder.hash(dataset));
  }

  private static Object stored(Path folder) throws IOException {
    return StoredCases.read(
            folder.resolve("items.tsv"),
            folder.resolve("rows.jsonl"),
            folder.resolve("candidates.jsonl"),
            10,
            1)
        .candidatesHash();
  }

  private static Object requests(Path folder) {
    Path file = folder.resolve("requests.jsonl");
    Catalogue catalogue =
        new Catalogue(
            IntStream.range(0, Corpus.ITEMS)
                .mapToObj(item -> new CatalogueItem("i" + item, "Title of " + item))
                .toList());
    int count = 0;
    RequestFile.check(file, catalogue, 5);
    try (RequestFile requests = new RequestFile(file, catalogue, 5)) {
      while (requests.hasNext()) {
        requests.next();
        count++;
      }
    }
    return count;
  }

  private static Object languageModel(Path model) {
    try (var _ = Scope.open();
        Llama llama = Llama.load(model, Device.CPU, DType.F32)) {
      return llama.config();
    }
  }

  private static Object tokenizer(Path model) {
    try (Tokenizer tokenizer = Tokenizer.open(model)) {
      return Arrays.toString(tokenizer.encode("Title of 7, and é"));
    }
  }

  private static Object run(Path folder) throws IOException {
    RunFolder run = RunFolder.open(folder);
    return List.of(
        run.record(),
        run.recipe(),
        run.template(),
        run.curve().read(),
        Outcomes.read(run.outcomesFile(CaseSet.TEST)).rows().size(),
        CandidateFile.read(run.candidatesFile(CaseSet.TEST)).hash(),
        run.expertWeights().size(),
        run.samples());
  }

  private static Object recommender(Path folder) {
    try (ItemScorer scorer = ItemScorer.load(folder)) {
      return scorer.name() + " of " + scorer.itemCount();
    }
  }

  private static Object tensors(Path file) {
    try (var _ = Scope.open();
        SafeTensors open = SafeTensors.open(file)) {
      open.loadAll();
      return List.of(open.names(), open.metadata(), Hashes.sha256(file));
    }
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .filter(
              name -> !Files.isDirectory(folder.resolve(name)) || name.startsWith("recommender-"))
          .sorted()
          .toList()
          .stream();
    }
  }

  /** A copy of the files of a folder, without their seals: readers then see what was changed. */
  private static Path unsealed(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(file.getFileName());
        if (!SealedFile.isSeal(file) && !Files.exists(copy)) {
          Files.copy(file, copy);
        }
      }
    }
    return to;
  }
}
