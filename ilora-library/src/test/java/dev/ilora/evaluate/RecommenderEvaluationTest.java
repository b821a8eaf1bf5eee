package dev.ilora.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ilora.data.Case;
import dev.ilora.data.CaseCandidates;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.Recommender;
import dev.ilora.statistics.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecommenderEvaluationTest {
  private static final int ITEMS = 7;
  private static final Popularity RECOMMENDER =
      new Popularity(new int[] {50, 10, 60, 40, 30, 20, 5});

  /** More rows than are scored at a time. */
  private static List<Case> rows() {
    List<Case> rows = new ArrayList<>();
    for (int i = 0; i < Recommender.BATCH + 3; i++) {
      rows.add(new Case(i, "u" + i, new int[] {(i + 1) % ITEMS}, i % ITEMS));
    }
    return rows;
  }

  @Test
  void amongAllItemsEveryRowIsRankedOnceAndWithoutScores() {
    int[] ranks = {2, 6, 1, 3, 4, 5, 7};
    List<Outcome> results = RecommenderEvaluation.amongAllItems(RECOMMENDER, rows());
    assertEquals(rows().size(), results.size());
    for (int i = 0; i < results.size(); i++) {
      assertEquals(i, results.get(i).row());
      assertEquals(ranks[i % ITEMS], results.get(i).rank());
      assertNull(results.get(i).scores());
    }
  }

  @Test
  void allItemsAsCandidatesGiveTheSameRanks() {
    int[] all = IntStream.range(0, ITEMS).toArray();
    List<CaseCandidates> candidates =
        rows().stream().map(row -> new CaseCandidates(row.index(), row.next(), all)).toList();
    assertEquals(
        RecommenderEvaluation.amongAllItems(RECOMMENDER, rows()),
        RecommenderEvaluation.run(RECOMMENDER, rows(), candidates).stream()
            .map(Outcome::withoutScores)
            .toList());
  }
}
