package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.DatasetSummary;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.Choice;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import dev.ilora.runs.Method;
import dev.ilora.study.Study;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora start}: from a folder of one's own files to a first report. */
@CommandLine.Command(
    name = "start",
    header = "From your own files to a first report and recommendations, in one command.",
    description = {
      "Imports the tables of a folder, describes them, trains Popularity, SASRec, GRU4Rec and,"
          + " where",
      "items have titles, a small language model with iLoRA, and compares them: each user's last",
      "item is a test case. Then it writes a report, recommends for three users and says what to"
          + " do",
      "next. The same command goes on after an interruption. --help of data import explains how",
      "files are read."
    },
    footer = {
      "",
      "Examples:",
      "  ilora start shop/",
      "  ilora start clicks.csv --columns user=visitor,item=sku --no-language-model"
    })
final class StartCommand implements Command {
  private static final int CANDIDATES = 20;
  private static final int SHOWN_USERS = 3;
  private static final int SHOWN_ITEMS = 3;

  @Parameters(
      paramLabel = "PATH",
      description = "A folder with tables, or one table of interactions.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for data, runs and report (default: runs/NAME).")
  private Path out;

  @Option(
      names = "--no-language-model",
      description = "Leave the language model out, which takes most of the time.")
  private boolean noLanguageModel;

  @Mixin private ImportArguments arguments;

  @Mixin private ThreadOptions threads;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that change all recipes.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public void run(Terminal terminal) throws IOException {
    Instant started = Instant.now();
    requireSettings();
    Dataset dataset = arguments.read(source, ImportArguments.nameOf(source), terminal);
    Path folder = out == null ? Path.of("runs", dataset.name()) : out;
    Path data = folder.resolve("data");
    keep(dataset, data);
    terminal.remark("data: %s, in %s".formatted(size(dataset), data));
    String rule = SplitRule.usual(dataset) instanceof SplitRule.Given ? "given" : "leave-one-out";
    List<Recipe> recipes = recipes(dataset, data, rule, terminal);
    List<String> notes = notes(dataset, recipes.getFirst().rows());
    notes.forEach(sentence -> terminal.remark("note: " + sentence));
    threads.set(terminal);
    RunContext context =
        EarlyEstimate.context(
            terminal, "Ctrl-C stops; --no-language-model then shows what is there without them.");
    Study study = new Study(new Workspace(folder, context), recipes, 1);
    FirstReport first =
        FirstReport.run(
            study,
            Optional.empty(),
            Method.POPULARITY.label(),
            folder.resolve("report.html"),
            new FirstReport.Around(
                notes, best -> next(dataset, data, study.runs().get(index(recipes, best)))));
    first.print(terminal);
    Path model = study.runs().get(index(recipes, first.verdict().best()));
    List<Map<String, Object>> examples = examples(dataset, model, terminal);
    terminal.line("");
    terminal.line("The report is %s".formatted(first.page()));
    first.printNext(terminal);
    Map<String, Object> json = first.json();
    json.put("examples", examples);
    json.put("model", model.toString());
    json.put("wallSeconds", Duration.between(started, Instant.now()).toSeconds());
    terminal.json(json);
  }

  /** Refuses settings that no recipe takes, before anything is read or written. */
  private void requireSettings() {
    threads.check();
    Stream.of(Method.POPULARITY, Method.SASREC, Method.GRU4REC, Method.ILORA)
        .filter(method -> !(noLanguageModel && method.asksLanguageModel()))
        .map(method -> BundledRecipes.recipe(method, words(Path.of("data"), "given", CANDIDATES)))
        .forEach(Workspace::requireUsable);
  }

  /** Writes the data set unless it is there already; another one is not replaced. */
  private static void keep(Dataset dataset, Path data) throws IOException {
    if (!DatasetFolder.isOne(data)) {
      DatasetFolder.write(dataset, data);
      return;
    }
    Dataset kept = DatasetFolder.read(data);
    if (!DatasetFolder.hash(kept).equals(DatasetFolder.hash(dataset))) {
      throw new ConfigException(
          "%s holds other data than these files give now: files or import options changed since"
                  .formatted(data)
              + " (%s). Give another --out, or the files and options it was made with"
                  .formatted(difference(kept, dataset)));
    }
  }

  /** What differs first between data sets that are not the same. */
  private static String difference(Dataset before, Dataset now) {
    String sizeBefore = size(before);
    String sizeNow = size(now);
    if (!sizeBefore.equals(sizeNow)) {
      return "before %s, now %s".formatted(sizeBefore, sizeNow);
    }
    if (before.hasTimes() != now.hasTimes()) {
      return before.hasTimes() ? "times then, none now" : "no times then, times now";
    }
    return before.items().equals(now.items())
        ? "as many of all, in another order or with other values"
        : "other keys or titles of items";
  }

  private static String size(Dataset dataset) {
    return Counted.data(dataset.users().size(), dataset.itemCount(), dataset.interactionCount());
  }

  /** What one should know of the data on the split that is used. */
  private static List<String> notes(Dataset dataset, Recipe.Rows rows) {
    try {
      Split split = SplitRule.parse(rows.split()).apply(dataset, rows.history());
      return DatasetSummary.of(split, DatasetFolder.hash(dataset), rows.minHistory()).advice();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rows.split: " + e.getMessage());
    }
  }

  private List<Recipe> recipes(Dataset dataset, Path data, String rule, Terminal terminal) {
    List<Method> methods =
        new ArrayList<>(List.of(Method.POPULARITY, Method.SASREC, Method.GRU4REC));
    long titled = dataset.items().stream().filter(item -> !item.title().equals(item.key())).count();
    if (noLanguageModel || 2 * titled < dataset.itemCount()) {
      terminal.remark(
          noLanguageModel
              ? "language model: left out"
              : "language model: left out, because most items have no title");
    } else {
      methods.add(Method.ILORA);
    }
    List<String> words = words(data, rule, candidates(dataset));
    return methods.stream().map(method -> BundledRecipes.recipe(method, words)).toList();
  }

  private List<String> words(Path data, String rule, int candidates) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "data=" + data,
                "rows.split=" + rule,
                "rows.testRows=500",
                "rows.validRows=200",
                "rows.candidates=" + candidates));
    words.addAll(overrides);
    return words;
  }

  /** As many as an evaluation usually has, or fewer where users leave fewer items. */
  private int candidates(Dataset dataset) {
    int others = dataset.itemCount() - dataset.mostItemsOfAUser();
    int possible = Math.min(CANDIDATES, others + 1);
    if (possible < 2) {
      throw new ConfigException(
          "%s: some user chose all of the %,d items, so there is nothing to tell the right one from"
              .formatted(source, dataset.itemCount()));
    }
    return possible;
  }

  private static int index(List<Recipe> recipes, String method) {
    List<String> labels = recipes.stream().map(Recipe::label).toList();
    return labels.indexOf(method);
  }

  private static List<Map<String, Object>> examples(Dataset dataset, Path run, Terminal terminal) {
    List<Map<String, Object>> examples = new ArrayList<>();
    try (Recommender model = Recommender.load(Experiment.model(run), Experiment.loadOptions(run))) {
      terminal.line("What %s recommends:".formatted(model.card().name()));
      for (UserSequence user : someUsers(dataset)) {
        List<CatalogueItem> history =
            Arrays.stream(user.items())
                .mapToObj(item -> model.catalogue().item(dataset.items().get(item).key()))
                .toList();
        List<Choice> choices =
            model.recommend(Request.history(history).user(user.user()).top(SHOWN_ITEMS)).choices();
        terminal.line(
            "  %s, last: %s -> %s"
                .formatted(
                    user.user(),
                    history.getLast().title(),
                    choices.stream()
                        .map(choice -> choice.item().title())
                        .collect(Collectors.joining("; "))));
        examples.add(
            Map.of(
                "user",
                user.user(),
                "recommended",
                choices.stream().map(choice -> choice.item().key()).toList()));
      }
    }
    return examples;
  }

  /** The first users with enough history who left something to recommend. */
  private static List<UserSequence> someUsers(Dataset dataset) {
    return dataset.users().stream()
        .filter(user -> user.length() > Split.DEFAULT_MIN_HISTORY)
        .filter(user -> Arrays.stream(user.items()).distinct().count() < dataset.itemCount())
        .limit(SHOWN_USERS)
        .toList();
  }

  private static List<String> next(Dataset dataset, Path data, Path model) {
    String user = ShellWord.of(dataset.users().getFirst().user());
    String item = ShellWord.of(dataset.items().getFirst().key());
    String folder = ShellWord.of(data);
    String run = ShellWord.of(model);
    String exported = ShellWord.of(dataset.name() + "-model");
    return List.of(
        "Recommend for a user, or for items by key:",
        "  ./ilora recommend %s --user %s --data %s".formatted(run, user, folder),
        "  ./ilora recommend %s --history %s".formatted(run, item),
        "Take the model elsewhere:",
        "  ./ilora export %s --out %s".formatted(run, exported),
        "All users at once:",
        "  ./ilora recommend %s --all-users --data %s --out answers.jsonl".formatted(run, folder));
  }
}
