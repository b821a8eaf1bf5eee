package dev.ilora.examples;

import dev.ilora.Progress;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.Protocol;
import dev.ilora.evaluate.Ranker;
import dev.ilora.evaluate.Reply;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.recommender.Popularity;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A method of your own, compared with Popularity on the same cases: each ranks the same 20
 * candidates, and intervals resample users.
 *
 * <p>The method is a rule: what follows the last item most often in training comes first.
 */
public final class YourOwnEvaluation {
  private YourOwnEvaluation() {}

  /** Counts which item follows which; {@code counts[a][b]} says how often b came after a. */
  private record Neighbours(int[][] counts) implements Ranker {
    static Neighbours of(Split split) {
      int items = split.dataset().itemCount();
      int[][] counts = new int[items][items];
      for (Case one : split.trainRows(1)) {
        counts[last(one)][one.target()]++;
      }
      return new Neighbours(counts);
    }

    private static int last(Case one) {
      return one.history()[one.history().length - 1];
    }

    @Override
    public Protocol protocol() {
      return new Protocol.Scores();
    }

    @Override
    public List<Reply> rank(List<Case> cases, IntConsumer done) {
      List<Reply> replies = new ArrayList<>();
      for (Case one : cases) {
        int[] followers = counts[last(one)];
        double[] scores = Arrays.stream(one.candidates()).mapToDouble(i -> followers[i]).toArray();
        replies.add(new Reply(scores, Answer.NONE, Optional.empty()));
        done.accept(replies.size());
      }
      return replies;
    }
  }

  /** Takes the folder of an imported data set. */
  public static void main(String[] args) throws IOException {
    Dataset dataset = DatasetFolder.read(Path.of(args[0]));
    Split split = SplitRule.usual(dataset).apply(dataset, Split.DEFAULT_HISTORY_LENGTH);
    List<Case> rows = split.rows(Part.TEST, Positions.EVERY, Split.DEFAULT_MIN_HISTORY);
    List<Case> cases = CandidateFile.draw(rows, dataset, 20, 1).of(rows);
    print("Neighbours", Neighbours.of(split), cases);
    try (Popularity popularity = new Popularity(split.trainCounts())) {
      print("Popularity", new ScoreRanker(popularity), cases);
    }
  }

  private static void print(String name, Ranker ranker, List<Case> cases) {
    List<Outcome> outcomes = Evaluation.run(ranker, cases, name, Progress.NONE);
    Interval hits = Bootstrap.DEFAULT.interval(outcomes, Metric.HR_1);
    System.out.printf(
        "%-10s  HR@1 %.3f [%.3f, %.3f]  NDCG@5 %.3f%n",
        name, hits.estimate(), hits.low(), hits.high(), Metrics.of(outcomes).get(Metric.NDCG_5));
  }
}
