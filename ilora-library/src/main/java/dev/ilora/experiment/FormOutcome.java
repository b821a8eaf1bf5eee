package dev.ilora.experiment;

import dev.ilora.data.Case;
import dev.ilora.llm.WeightForm;
import java.util.List;

/**
 * How a run's model does with the language model's matrices held in one form.
 *
 * @param form they are held in
 * @param bytes that they take
 * @param seconds that asking all cases took
 * @param cases that were asked
 * @param hitRate share of cases whose target is the likeliest title
 * @param logLikelihood mean natural logarithm of the target title's probability
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
      int[] candidates = cases.get(i).candidates();
      double[] own = scores.get(i);
      int best = best(own);
      hits += candidates[best] == cases.get(i).target() ? 1 : 0;
      same += best == best(first.get(i)) ? 1 : 0;
      for (int place = 0; place < candidates.length; place++) {
        likelihood += candidates[place] == cases.get(i).target() ? own[place] : 0;
      }
    }
    int count = cases.size();
    return new FormOutcome(
        form, bytes, seconds, count, hits / count, likelihood / count, same / count);
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
