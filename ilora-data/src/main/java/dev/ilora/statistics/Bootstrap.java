package dev.ilora.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap over users.
 *
 * <p>A resample draws as many users as there are, with replacement, each with all its rows: rows of
 * one user are not independent, and resampling them one by one would make intervals too narrow.
 * Where each user has one row this is the ordinary bootstrap. Several seeds of one method count as
 * one method whose row values are the means over the seeds, so the interval is about users, not
 * about seeds; {@code results.ResultTable} gives the spread over seeds beside it.
 *
 * <p>Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 8.
 *
 * @param resamples number of resamples, at least 100; 2,000 is enough for 95 % intervals
 * @param seed seed of the draws: the same rows and seed give the same interval
 */
public record Bootstrap(int resamples, long seed) {
  private static final double TAIL = 0.025;

  /** 2,000 resamples from seed 1. */
  public static final Bootstrap DEFAULT = new Bootstrap(2_000, 1);

  /** Checks the number of resamples. */
  public Bootstrap {
    if (resamples < 100) {
      throw new IllegalArgumentException("resamples must be at least 100, not " + resamples);
    }
  }

  /** The 95 % interval of a metric on one run's rows. */
  public Interval interval(List<Outcome> rows, Metric metric) {
    return seedsInterval(List.of(rows), metric);
  }

  /**
   * The 95 % interval of a metric's mean over runs that differ in their seed.
   *
   * @param seeds rows of each run, the same rows in each
   */
  public Interval seedsInterval(List<List<Outcome>> seeds, Metric metric) {
    return seedsIntervals(seeds, List.of(metric)).getFirst();
  }

  /** As {@link #seedsInterval} for several metrics on the same draws, in the given order. */
  public List<Interval> seedsIntervals(List<List<Outcome>> seeds, List<Metric> metrics) {
    List<UserSums> sums = metrics.stream().map(metric -> UserSums.of(seeds, metric)).toList();
    double[][] draws = draw(sums);
    return IntStream.range(0, sums.size())
        .mapToObj(i -> percentiles(sums.get(i).estimate(), draws[i]))
        .toList();
  }

  /**
   * Draws users and evaluates every figure on each draw.
   *
   * @param figures sums over the same users in the same order
   * @return value of each figure in each resample, (figures, resamples)
   */
  double[][] draw(List<UserSums> figures) {
    int users = figures.getFirst().users();
    double[][] values = new double[figures.size()][resamples];
    double[] counts = new double[users];
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < resamples; r++) {
      Arrays.fill(counts, 0);
      for (int draw = 0; draw < users; draw++) {
        counts[random.nextInt(users)]++;
      }
      for (int f = 0; f < values.length; f++) {
        values[f][r] = figures.get(f).estimate(counts);
      }
    }
    return values;
  }

  static Interval percentiles(double estimate, double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Interval(estimate, quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /** Linear interpolation between order statistics (type 7 of Hyndman and Fan). */
  static double quantile(double[] sorted, double probability) {
    double at = probability * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
