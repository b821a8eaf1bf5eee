package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.Progress;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Split;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.experiment.Recipe;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.train.RecommenderOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora recommender eval}. */
@CommandLine.Command(
    name = "eval",
    header = "Evaluate a recommender on the test users of a data set.",
    description = {
      "Ranks each target among frozen candidates and among the whole catalogue. A recommender that",
      "was trained on other data, another split or other histories is refused."
    })
final class RecommenderEvalCommand implements Command {
  private static final List<Metric> SHOWN =
      List.of(
          Metric.HR_1,
          Metric.HR_5,
          Metric.HR_10,
          Metric.HR_20,
          Metric.NDCG_5,
          Metric.NDCG_10,
          Metric.NDCG_20,
          Metric.MRR);

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of a recommender.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "DATA", description = "Imported data set, or demo.")
  private Path data;

  @Parameters(
      index = "2..*",
      paramLabel = "key=value",
      description = "Settings of a recipe, such as rows.candidates=100.")
  private List<String> words = List.of();

  @Option(
      names = "--mask-seen",
      description = "Leave all that a user chose before out of the whole catalogue.")
  private boolean maskSeen;

  @Option(
      names = "--force",
      description = "Evaluate although the recommender was trained on something else.")
  private boolean force;

  @Option(
      names = "--every",
      description = "Every position with at least 3 history items, not only each user's last.")
  private boolean every;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "Candidates of a row (default: ${DEFAULT-VALUE}).")
  private int candidateCount = 20;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the candidates (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Mixin private DataArguments cut;

  @Override
  public void run(Terminal terminal) throws IOException {
    try (ItemScorer recommender = ItemScorer.load(folder)) {
      int own = recommender.historyLength();
      Recipe recipe = cut.recipe(options(), words, own == 0 ? Split.DEFAULT_HISTORY_LENGTH : own);
      Split split = cut.split(data, recipe, words);
      requireSame(recommender, split, terminal);
      evaluate(recommender, recipe.rows(), split, terminal);
    }
  }

  private List<String> options() {
    return List.of(
        "method=sasrec",
        "data=" + data,
        "rows.positions=" + (every ? "every" : "last"),
        "rows.candidates=" + candidateCount,
        "rows.candidateSeed=" + seed);
  }

  private void requireSame(ItemScorer recommender, Split split, Terminal terminal) {
    int items = split.dataset().itemCount();
    if (recommender.itemCount() != items) {
      throw new BadInputException(
          folder,
          "knows %d items, but %s has %d"
              .formatted(recommender.itemCount(), split.dataset().name(), items));
    }
    Optional<String> difference =
        RecommenderOrigin.difference(
            folder, recommender, split, DatasetFolder.hash(split.dataset()));
    if (difference.isPresent() && !force) {
      throw new BadInputException(folder, difference.get() + "; --force evaluates it all the same");
    }
    difference.ifPresent(text -> terminal.remark("Careful: " + folder + " " + text));
  }

  private void evaluate(
      ItemScorer recommender, Recipe.Rows settings, Split split, Terminal terminal) {
    List<Case> all = split.rows(Part.TEST, settings.positions(), settings.minHistory());
    List<Case> rows =
        DataArguments.isGiven(words, "rows.testRows")
            ? Split.sample(all, settings.testRows(), settings.candidateSeed())
            : all;
    CandidateFile file =
        CandidateFile.draw(rows, split.dataset(), settings.candidates(), settings.candidateSeed());
    Map<String, Metrics> results = new LinkedHashMap<>();
    results.put(
        "candidates" + settings.candidates(),
        Metrics.of(Evaluation.run(new ScoreRanker(recommender), file.of(rows), "", Progress.NONE)));
    List<Supplier<int[]>> pasts =
        split.pasts(Part.TEST, settings.positions(), settings.minHistory());
    results.put(
        "fullCatalogue",
        Metrics.of(
            maskSeen
                ? Evaluation.amongAllItems(
                    recommender, rows, i -> pasts.get(rows.get(i).index()).get())
                : Evaluation.amongAllItems(recommender, rows)));
    print(recommender.name(), results, file.hash(), terminal);
  }

  private void print(
      String name, Map<String, Metrics> results, String candidatesHash, Terminal terminal) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recommender", name);
    results.forEach(
        (among, metrics) -> {
          terminal.line(line(name, among, metrics));
          json.put(among, metrics.byKey());
          json.put("cases", metrics.rows());
        });
    terminal.line(
        maskSeen
            ? "In the whole catalogue all that a user chose before is left out."
            : "In the whole catalogue what a user chose before is ranked too; --mask-seen leaves it"
                + " out.");
    json.put("seenMasked", maskSeen);
    json.put("candidatesHash", candidatesHash);
    terminal.json(json);
  }

  private static String line(String name, String among, Metrics metrics) {
    StringBuilder line = new StringBuilder("%-11s %-15s".formatted(name, among));
    for (Metric metric : SHOWN) {
      line.append(String.format(Locale.ROOT, " %s %.4f ", metric.label(), metrics.get(metric)));
    }
    return line + " (" + Counted.of(metrics.rows(), "row") + ")";
  }
}
