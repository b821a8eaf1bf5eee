package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final int[] TWO = {0, 1};

  @Test
  void equalsResamplingRowsOfUsersOneByOne() {
    List<Outcome> rows = unevenRows();
    Bootstrap bootstrap = new Bootstrap(500, 3);
    Interval interval = bootstrap.interval(rows, Metric.MRR);
    List<List<Outcome>> byUser = byUser(rows);
    SplittableRandom random = new SplittableRandom(3);
    double[] draws = new double[500];
    for (int r = 0; r < draws.length; r++) {
      List<Outcome> drawn = new ArrayList<>();
      for (int u = 0; u < byUser.size(); u++) {
        drawn.addAll(byUser.get(random.nextInt(byUser.size())));
      }
      draws[r] = Metrics.of(drawn).get(Metric.MRR);
    }
    Arrays.sort(draws);
    // Type 7: positions 0.025 * 499 = 12.475 and 0.975 * 499 = 486.525.
    assertEquals(0.525 * draws[12] + 0.475 * draws[13], interval.low(), 1e-12);
    assertEquals(0.475 * draws[486] + 0.525 * draws[487], interval.high(), 1e-12);
    assertEquals(Metrics.of(rows).get(Metric.MRR), interval.estimate(), 1e-12);
  }

  @Test
  void sharesMatchTheNormalApproximationWithOneRowAUser() {
    List<Outcome> rows = coins(1_000, 1, 0.3, 0, 11);
    Interval interval = Bootstrap.DEFAULT.interval(rows, Metric.HR_1);
    double share = interval.estimate();
    double half = 1.96 * Math.sqrt(share * (1 - share) / rows.size());
    assertEquals(share - half, interval.low(), 0.004);
    assertEquals(share + half, interval.high(), 0.004);
  }

  @Test
  void identicalRowsOfAUserDoNotNarrowTheInterval() {
    List<Outcome> once = coins(100, 1, 0.4, 0, 7);
    List<Outcome> tenfold = new ArrayList<>();
    once.forEach(row -> tenfold.addAll(java.util.Collections.nCopies(10, row)));
    assertEquals(
        Bootstrap.DEFAULT.interval(once, Metric.HR_1).low(),
        Bootstrap.DEFAULT.interval(tenfold, Metric.HR_1).low(),
        1e-12);
  }

  @Test
  void coversTheTruthAsOftenAsItSays() {
    int covered = 0;
    int worlds = 300;
    for (int world = 0; world < worlds; world++) {
      // Each user's own chance is 0.1 or 0.7: rows of one user go together.
      List<Outcome> rows = coins(60, 5, 0.4, 0.3, 1_000 + world);
      Interval interval = new Bootstrap(300, world).interval(rows, Metric.HR_1);
      covered += interval.contains(0.4) ? 1 : 0;
    }
    // 95 % of 300 is 285, its deviation 3.8; small samples cover a little less.
    assertTrue(covered >= 267 && covered <= 297, covered + " of " + worlds);
  }

  @Test
  void seedsAreAveragedRowByRow() {
    List<Outcome> a = RandomRows.of(20, 2, 0.4, 0.2, 1);
    List<Outcome> b = RandomRows.of(20, 2, 0.4, 0.2, 2);
    Interval mean = Bootstrap.DEFAULT.seedsInterval(List.of(a, b), Metric.NDCG_5);
    double expected = (Metrics.of(a).get(Metric.NDCG_5) + Metrics.of(b).get(Metric.NDCG_5)) / 2;
    assertEquals(expected, mean.estimate(), 1e-12);
    assertTrue(mean.low() < expected && expected < mean.high());
    assertEquals(
        Bootstrap.DEFAULT.interval(a, Metric.NDCG_5),
        Bootstrap.DEFAULT.seedsInterval(List.of(a, a), Metric.NDCG_5));
  }

  @Test
  void manyResamplesOfManyRowsTakeWellUnderASecond() {
    List<Outcome> rows = RandomRows.of(100, 20, 0.4, 0.2, 1);
    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () ->
            new Bootstrap(10_000, 1)
                .seedsIntervals(List.of(rows), List.of(Metric.HR_1, Metric.NDCG_5, Metric.MRR)));
  }

  @Test
  void namesWhatIsWrong() {
    assertEquals(
        "resamples must be at least 100, not 99",
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(99, 1)).getMessage());
    assertEquals(
        "no rows to resample",
        assertThrows(
                IllegalArgumentException.class,
                () -> Bootstrap.DEFAULT.interval(List.of(), Metric.MRR))
            .getMessage());
    List<List<Outcome>> other = List.of(coins(1, 1, 0, 0, 1), coins(2, 1, 0, 0, 1));
    assertEquals(
        "row 1: user 'u1' does not occur in the first seed's rows",
        assertThrows(
                IllegalArgumentException.class,
                () -> Bootstrap.DEFAULT.seedsInterval(other, Metric.MRR))
            .getMessage());
  }

  /** Hits and misses; each user's chance is the given one plus or minus the spread. */
  private static List<Outcome> coins(
      int users, int rowsPerUser, double chance, double spread, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Outcome> rows = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      double own = chance + (random.nextBoolean() ? spread : -spread);
      for (int r = 0; r < rowsPerUser; r++) {
        int rank = random.nextDouble() < own ? 1 : 2;
        rows.add(
            new Outcome(rows.size(), "u" + u, 0, TWO, Optional.empty(), rank, Optional.empty()));
      }
    }
    return rows;
  }

  private static List<Outcome> unevenRows() {
    List<Outcome> all = RandomRows.of(12, 6, 0.5, 0.3, 9);
    return IntStream.range(0, all.size())
        .filter(i -> i % 6 <= (i / 6) % 5)
        .mapToObj(all::get)
        .toList();
  }

  private static List<List<Outcome>> byUser(List<Outcome> rows) {
    return List.copyOf(
        rows.stream()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    Outcome::user,
                    java.util.LinkedHashMap::new,
                    java.util.stream.Collectors.toList()))
            .values());
  }
}
