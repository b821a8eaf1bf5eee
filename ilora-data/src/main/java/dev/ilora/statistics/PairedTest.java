package dev.ilora.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Two methods compared on the same rows, each with one or several seeds.
 *
 * <p>The difference is first minus second. Its interval and p come from one bootstrap that draws
 * users and takes both methods' rows of each drawn user: {@code p = 2 min(P(d <= 0), P(d >= 0))}
 * over the resamples, each count raised by one so that p is never 0. McNemar's test is on the first
 * rank: with several seeds a row counts for the method that puts its target first in the larger
 * share of its seeds. The numbers of seeds may differ: what is compared is each method's mean over
 * its own seeds, row by row, so that more seeds make a mean steadier and never weigh more.
 *
 * @param first name of the first method
 * @param second name of the second method
 * @param metric the figure compared
 * @param rows number of rows
 * @param users number of users, the units drawn
 * @param difference first minus second with its 95 % interval
 * @param gain first over second minus 1 with its 95 % interval from the same draws; empty where the
 *     second is 0 in all or in a draw
 * @param p two-sided p value of the clustered bootstrap
 * @param mcNemar McNemar's test where the metric is HR@1, which is what it is about
 */
public record PairedTest(
    String first,
    String second,
    Metric metric,
    int rows,
    int users,
    Interval difference,
    Optional<Interval> gain,
    double p,
    Optional<McNemar> mcNemar) {

  /**
   * Compares two methods.
   *
   * @param first runs of the first method, one a seed
   * @param second runs of the second method, one a seed
   * @throws IllegalArgumentException if the runs do not hold the same rows and candidates, naming
   *     both hashes
   */
  public static PairedTest of(
      List<Outcomes> first, List<Outcomes> second, Metric metric, Bootstrap bootstrap) {
    requireSameRows(first, second);
    UserSums a = UserSums.of(rows(first), metric);
    UserSums b = UserSums.of(rows(second), metric);
    double[][] draws = bootstrap.draw(List.of(a, b));
    double[] differences = new double[bootstrap.resamples()];
    double[] gains = new double[bootstrap.resamples()];
    for (int r = 0; r < differences.length; r++) {
      differences[r] = draws[0][r] - draws[1][r];
      gains[r] = draws[0][r] / draws[1][r] - 1;
    }
    return new PairedTest(
        first.getFirst().method(),
        second.getFirst().method(),
        metric,
        first.getFirst().rows().size(),
        a.users(),
        Bootstrap.percentiles(a.estimate() - b.estimate(), differences),
        gain(a.estimate() / b.estimate() - 1, gains),
        twoSided(differences),
        metric == Metric.HR_1 ? Optional.of(mcNemar(first, second)) : Optional.empty());
  }

  private static void requireSameRows(List<Outcomes> first, List<Outcomes> second) {
    if (first.isEmpty() || second.isEmpty()) {
      throw new IllegalArgumentException("a paired test needs at least one run of each method");
    }
    Outcomes reference = first.getFirst();
    first.forEach(reference::requireSameRows);
    second.forEach(reference::requireSameRows);
  }

  private static List<List<Outcome>> rows(List<Outcomes> runs) {
    return runs.stream().map(Outcomes::rows).toList();
  }

  private static Optional<Interval> gain(double estimate, double[] draws) {
    return Double.isFinite(estimate) && Arrays.stream(draws).allMatch(Double::isFinite)
        ? Optional.of(Bootstrap.percentiles(estimate, draws))
        : Optional.empty();
  }

  private static double twoSided(double[] differences) {
    int below = 0;
    int above = 0;
    for (double difference : differences) {
      below += difference <= 0 ? 1 : 0;
      above += difference >= 0 ? 1 : 0;
    }
    return Math.min(1, 2.0 * (1 + Math.min(below, above)) / (differences.length + 1));
  }

  private static McNemar mcNemar(List<Outcomes> first, List<Outcomes> second) {
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int row = 0; row < first.getFirst().rows().size(); row++) {
      // Shares compared as whole numbers: hits times the other method's number of seeds.
      int a = hits(first, row) * second.size();
      int b = hits(second, row) * first.size();
      onlyFirst += a > b ? 1 : 0;
      onlySecond += b > a ? 1 : 0;
    }
    return McNemar.of(onlyFirst, onlySecond);
  }

  private static int hits(List<Outcomes> runs, int row) {
    return (int) runs.stream().filter(run -> run.rows().get(row).hit(1)).count();
  }
}
