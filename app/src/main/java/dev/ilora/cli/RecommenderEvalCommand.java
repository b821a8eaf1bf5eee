package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.Progress;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora recommender eval}. */
@CommandLine.Command(
    name = "eval",
    header = "Evaluate a recommender on the test users of a data set.",
    description = "Ranks each target among frozen candidates and among the whole catalogue.")
final class RecommenderEvalCommand implements Command {
  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of a recommender.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "DATA", description = "Imported data set, or demo.")
  private Path data;

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
    Split split = cut.split(data);
    List<Case> rows =
        DataArguments.rows(split, Part.TEST, every ? Positions.EVERY : Positions.LAST);
    CandidateFile file = CandidateFile.draw(rows, split.dataset(), candidateCount, seed);
    try (ItemScorer recommender = ItemScorer.load(folder)) {
      if (recommender.itemCount() != split.dataset().itemCount()) {
        throw new BadInputException(
            folder,
            "knows %d items, but %s has %d"
                .formatted(
                    recommender.itemCount(), split.dataset().name(), split.dataset().itemCount()));
      }
      Map<String, Metrics> results = new LinkedHashMap<>();
      results.put(
          "candidates" + candidateCount,
          Metrics.of(
              Evaluation.run(new ScoreRanker(recommender), file.of(rows), "", Progress.NONE)));
      results.put("fullCatalogue", Metrics.of(Evaluation.amongAllItems(recommender, rows)));
      print(recommender.name(), results, file.hash(), terminal);
    }
  }

  private static void print(
      String name, Map<String, Metrics> results, String candidatesHash, Terminal terminal) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recommender", name);
    results.forEach(
        (among, metrics) -> {
          terminal.line(
              String.format(
                  Locale.ROOT,
                  "%-11s %-15s HR@1 %.4f  HR@5 %.4f  NDCG@5 %.4f  MRR %.4f  (%,d rows)",
                  name,
                  among,
                  metrics.get(Metric.HR_1),
                  metrics.get(Metric.HR_5),
                  metrics.get(Metric.NDCG_5),
                  metrics.get(Metric.MRR),
                  metrics.rows()));
          json.put(among, metrics.byKey());
          json.put("cases", metrics.rows());
        });
    json.put("candidatesHash", candidatesHash);
    terminal.json(json);
  }
}
