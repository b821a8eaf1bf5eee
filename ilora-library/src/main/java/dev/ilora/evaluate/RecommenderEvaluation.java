package dev.ilora.evaluate;

import dev.ilora.data.Case;
import dev.ilora.data.CaseCandidates;
import dev.ilora.recommender.Recommender;
import dev.ilora.statistics.Outcome;
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
  public static List<Outcome> run(
      Recommender recommender, List<Case> rows, List<CaseCandidates> candidates) {
    float[][] scores =
        recommender.candidateScores(
            histories(rows), candidates.stream().map(CaseCandidates::candidates).toList());
    List<Outcome> results = new ArrayList<>();
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
  public static List<Outcome> amongAllItems(Recommender recommender, List<Case> rows) {
    int[] all = IntStream.range(0, recommender.itemCount()).toArray();
    List<Outcome> results = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += Recommender.BATCH) {
      List<Case> part = rows.subList(from, Math.min(rows.size(), from + Recommender.BATCH));
      float[][] scores = recommender.scores(histories(part));
      for (int i = 0; i < part.size(); i++) {
        results.add(scored(part.get(i), all, scores[i]).withoutScores());
      }
    }
    return results;
  }

  private static List<int[]> histories(List<Case> rows) {
    return rows.stream().map(Case::history).toList();
  }

  private static Outcome scored(Case row, int[] candidates, float[] scores) {
    double[] exact = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray();
    return Outcome.scored(row.index(), row.user(), row.next(), candidates, exact);
  }
}
