package dev.ilora.experiment;

import dev.ilora.data.Case;
import dev.ilora.llm.WeightForm;
import dev.ilora.statistics.Ranking;
import java.util.List;

/**
 * How a run's model does with the language model's matrices held in one form.
 *
 * @param form they are held in
 * @param bytes that they take
 * @param seconds that asking all cases took
 * @param cases that were asked
 * @param hitRate share of cases whose target is the likeliest title
 * @param logLikelihood mean natural logarithm of the target title's probability, all its tokens
 *     together
 * @param agreement share of cases whose likeliest title is that of the first form
 */
public record FormOutcome(
    WeightForm form,
    long bytes,
    double seconds,
    int cases,
    double hitRate,
    double logLikelihood,
    double agreement) {

  /**
   * @param scores log-likelihood of each candidate, case by case
   * @param first the same of the form that others are compared with
   */
  static FormOutcome of(
      WeightForm form,
      long bytes,
      double seconds,
      List<Case> cases,
      List<double[]> scores,
      List<double[]> first) {
    double hits = 0;
    double likelihood = 0;
    double same = 0;
    for (int i = 0; i < cases.size(); i++) {
      Case asked = cases.get(i);
      int[] candidates = asked.candidates();
      double[] own = scores.get(i);
      int best = best(asked, own);
      hits += best == asked.target() ? 1 : 0;
      same += best == best(asked, first.get(i)) ? 1 : 0;
      for (int place = 0; place < candidates.length; place++) {
        likelihood += candidates[place] == asked.target() ? own[place] : 0;
      }
    }
    int count = cases.size();
    return new FormOutcome(
        form, bytes, seconds, count, hits / count, likelihood / count, same / count);
  }

  /** The likeliest item, equals ordered as in every evaluation. */
  private static int best(Case asked, double[] scores) {
    return Ranking.order(asked.index(), asked.candidates(), scores)[0];
  }
}
