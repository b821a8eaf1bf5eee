package dev.ilora.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.Progress;
import dev.ilora.data.Case;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.statistics.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final int ITEMS = 7;
  private static final Popularity RECOMMENDER =
      new Popularity(new int[] {50, 10, 60, 40, 30, 20, 5});

  /** More rows than are scored at a time. */
  private static List<Case> rows() {
    List<Case> rows = new ArrayList<>();
    for (int i = 0; i < ItemScorer.BATCH + 3; i++) {
      rows.add(new Case(i, "u" + i, new int[] {(i + 1) % ITEMS}, i % ITEMS));
    }
    return rows;
  }

  @Test
  void amongAllItemsEveryRowIsRankedOnceAndWithoutScores() {
    int[] ranks = {2, 6, 1, 3, 4, 5, 7};
    List<Outcome> results = Evaluation.amongAllItems(RECOMMENDER, rows());
    assertEquals(rows().size(), results.size());
    for (int i = 0; i < results.size(); i++) {
      assertEquals(i, results.get(i).row());
      assertEquals(ranks[i % ITEMS], results.get(i).rank());
      assertEquals(Optional.empty(), results.get(i).scores());
    }
  }

  @Test
  void allItemsAsCandidatesGiveTheSameRanks() {
    int[] all = IntStream.range(0, ITEMS).toArray();
    List<Case> cases = rows().stream().map(row -> row.among(all)).toList();
    assertEquals(
        Evaluation.amongAllItems(RECOMMENDER, rows()),
        Evaluation.run(new ScoreRanker(RECOMMENDER), cases, "", Progress.NONE).stream()
            .map(Outcome::withoutScores)
            .toList());
  }

  /** Scores of a damaged model, which no file check has found. */
  private record Damaged(double score) implements Ranker {
    @Override
    public Protocol protocol() {
      return new Protocol.Scores();
    }

    @Override
    public String name() {
      return "Damaged";
    }

    @Override
    public List<Reply> rank(List<Case> cases, IntConsumer done) {
      return cases.stream()
          .map(_ -> Reply.scored(new double[] {1, score, 2}, Optional.empty()))
          .toList();
    }
  }

  @Test
  void scoresThatAreNoNumbersAreNeverRankedBy() {
    List<Case> cases = List.of(new Case(0, "anna", new int[] {1}, 4).among(new int[] {4, 6, 2}));
    for (double score : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertEquals(
          "Damaged gives item 6, asked for user anna, the score "
              + score
              + ": expected a finite number. The model is damaged, or its training went wrong",
          assertThrows(
                  UnusableScoresException.class,
                  () -> Evaluation.run(new Damaged(score), cases, "", Progress.NONE))
              .getMessage());
    }
  }
}
