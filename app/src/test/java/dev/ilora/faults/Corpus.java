package dev.ilora.faults;

import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.hybrid.GgufModels;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Small good inputs of every kind, made once in a folder. */
final class Corpus {
  static final int USERS = 24;
  static final int ITEMS = 20;
  private static final int LENGTH = 9;
  private static final List<String> RECIPE =
      List.of(
          "method=ilora",
          "prompt.embeddings=slot",
          "adapter.experts=2",
          "adapter.rank=2",
          "training.steps=2",
          "training.batch=2",
          "recommender.epochs=1",
          "rows.split=leave-one-out",
          "rows.testRows=6",
          "rows.validRows=4",
          "rows.candidates=5");

  private final Path folder;

  Corpus(Path folder) {
    this.folder = folder;
  }

  Path folder(String name) {
    return folder.resolve(name);
  }

  /** Makes everything, unless it is there. */
  void make() throws IOException {
    if (Files.exists(folder("done"))) {
      return;
    }
    write("csv/interactions.csv", "user,item,rating,time\n" + interactions("u%s,i%s,%s,%s\n"));
    write("csv/items.csv", "item,title,year\n" + items("i%s,Title %s,19%s\n"));
    write("movielens/u.data", interactions("%s\t%s\t%s\t%s\n"));
    write(
        "movielens/u.item",
        items("%s|Film %s (19%s)|01-Jan-1995||http" + "|0|1".repeat(9) + "|0\n"));
    write(
        "recbole/a.inter",
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
            + interactions("u%s\ti%s\t%s\t%s\n"));
    write(
        "recbole/a.item",
        "item_id:token\ttitle:token_seq\tyear:token\n" + items("i%s\tTitle %s\t19%s\n"));
    write("sequences/items.tsv", "id\ttitle\n" + items("%s\tTitle %s\n"));
    write("sequences/users.jsonl", sequences());
    write("stored/items.tsv", "id\ttitle\n" + items("%s\tTitle %s\n"));
    write("stored/rows.jsonl", rows());
    write("stored/candidates.jsonl", candidates());
    write("requests/requests.jsonl", requests());
    Dataset dataset =
        Importer.read(folder("csv"), DatasetFormat.CSV, ImportOptions.defaults(DatasetFormat.CSV));
    DatasetFolder.write(dataset, folder("dataset"));
    makeBase();
    makeRun();
    write("done", "");
  }

  private void makeBase() throws IOException {
    Path base = Files.createDirectories(folder("base"));
    try (var _ = Scope.open();
        Tokenizer tokenizer = TinyModels.tokenizer(base)) {
      TinyModels.llama(tokenizer).save(base);
    }
    Path file = Files.createDirectories(folder("gguf")).resolve("model.gguf");
    GgufModels.write(base, file);
  }

  private void makeRun() {
    List<String> words = new ArrayList<>(RECIPE);
    words.add("data=" + folder("dataset"));
    Recipe recipe = Config.bind(Recipe.class, words);
    Workspace workspace = new Workspace(folder("runs"), RunContext.silent(InstantSource.system()));
    Experiment run = Experiment.begin(recipe, workspace);
    run.prepare();
    run.train();
    run.evaluate();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static int item(int user, int place) {
    return (user * 7 + place * (1 + user % 3)) % ITEMS;
  }

  private static String interactions(String form) {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < USERS; user++) {
      for (int place = 0; place < LENGTH; place++) {
        text.append(
            form.formatted(
                user,
                item(user, place),
                1 + (user + place) % 5,
                1_600_000_000L + user * 50L + place));
      }
    }
    return text.toString();
  }

  private static String items(String form) {
    StringBuilder text = new StringBuilder();
    for (int item = 0; item < ITEMS; item++) {
      text.append(form.formatted(item, "of " + item, 60 + item));
    }
    return text.toString();
  }

  private static String sequences() {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < USERS; user++) {
      List<Integer> chosen = new ArrayList<>();
      for (int place = 0; place < LENGTH; place++) {
        chosen.add(item(user, place));
      }
      text.append("{\"user\": %s, \"items\": %s, \"split\": \"train\"}\n".formatted(user, chosen));
    }
    return text.toString();
  }

  private static String rows() {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < USERS; user++) {
      text.append(
          "{\"user\": %s, \"history\": [%s, %s, %s], \"next\": %s}\n"
              .formatted(user, item(user, 0), item(user, 1), item(user, 2), item(user, 3)));
    }
    return text.toString();
  }

  private static String candidates() {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < USERS; user++) {
      int target = item(user, 3);
      text.append(
          "{\"row\": %s, \"target\": %s, \"candidates\": [%s, %s, %s]}\n"
              .formatted(user, target, target, (target + 1) % ITEMS, (target + 2) % ITEMS));
    }
    return text.toString();
  }

  private static String requests() {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < USERS; user++) {
      text.append(
          "{\"id\": \"r%s\", \"history\": [\"i%s\", \"i%s\"], \"top\": 3, \"exclude\": [\"i%s\"]}\n"
              .formatted(user, item(user, 0), item(user, 1), item(user, 4)));
    }
    return text.toString();
  }
}
