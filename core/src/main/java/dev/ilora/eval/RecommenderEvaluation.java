package dev.ilora.eval;

import dev.ilora.data.CandidateRow;
import dev.ilora.data.Row;
import dev.ilora.recommender.Recommender;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Ranks the candidates of evaluation rows by a recommender's scores. */
public final class RecommenderEvaluation {
  private RecommenderEvaluation() {}

  /**
   * Evaluates rows.
   *
   * @param candidates of the same rows in the same order
   * @return one result a row, in their order
   */
  public static List<RowResult> run(
      Recommender recommender, List<Row> rows, List<CandidateRow> candidates) {
    float[][] scores =
        recommender.candidateScores(
            histories(rows), candidates.stream().map(CandidateRow::candidates).toList());
    List<RowResult> results = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      results.add(scored(rows.get(i), candidates.get(i).candidates(), scores[i]));
    }
    return results;
  }

  /**
   * Evaluates rows among the whole catalogue, each row's history included.
   *
   * @return one result a row, in their order, without scores
   */
  public static List<RowResult> amongAllItems(Recommender recommender, List<Row> rows) {
    int[] all = IntStream.range(0, recommender.itemCount()).toArray();
    List<RowResult> results = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += Recommender.BATCH) {
      List<Row> part = rows.subList(from, Math.min(rows.size(), from + Recommender.BATCH));
      float[][] scores = recommender.scores(histories(part));
      for (int i = 0; i < part.size(); i++) {
        results.add(scored(part.get(i), all, scores[i]).withoutScores());
      }
    }
    return results;
  }

  private static List<int[]> histories(List<Row> rows) {
    return rows.stream().map(Row::history).toList();
  }

  private static RowResult scored(Row row, int[] candidates, float[] scores) {
    double[] exact = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray();
    return RowResult.scored(row.index(), row.user(), row.next(), candidates, exact);
  }
}
