package dev.ilora.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ilora.data.CandidateRow;
import dev.ilora.data.Row;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.Recommender;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecommenderEvaluationTest {
  private static final int ITEMS = 7;
  private static final Popularity RECOMMENDER =
      new Popularity(new int[] {50, 10, 60, 40, 30, 20, 5});

  /** More rows than are scored at a time. */
  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < Recommender.BATCH + 3; i++) {
      rows.add(new Row(i, "u" + i, new int[] {(i + 1) % ITEMS}, i % ITEMS));
    }
    return rows;
  }

  @Test
  void amongAllItemsEveryRowIsRankedOnceAndWithoutScores() {
    int[] ranks = {2, 6, 1, 3, 4, 5, 7};
    List<RowResult> results = RecommenderEvaluation.amongAllItems(RECOMMENDER, rows());
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
    List<CandidateRow> candidates =
        rows().stream().map(row -> new CandidateRow(row.index(), row.next(), all)).toList();
    assertEquals(
        RecommenderEvaluation.amongAllItems(RECOMMENDER, rows()),
        RecommenderEvaluation.run(RECOMMENDER, rows(), candidates).stream()
            .map(RowResult::withoutScores)
            .toList());
  }
}
