package dev.ilora.eval;

import dev.ilora.data.CandidateRow;
import dev.ilora.data.Row;
import dev.ilora.recommender.Recommender;
import java.util.ArrayList;
import java.util.List;

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
            rows.stream().map(Row::history).toList(),
            candidates.stream().map(CandidateRow::candidates).toList());
    List<RowResult> results = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double[] own = new double[scores[i].length];
      for (int j = 0; j < own.length; j++) {
        own[j] = scores[i][j];
      }
      results.add(
          RowResult.scored(
              row.index(), row.user(), row.next(), candidates.get(i).candidates(), own));
    }
    return results;
  }
}
