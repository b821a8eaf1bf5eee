package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final int[] CANDIDATES = {5, 3, 9, 7};

  @Test
  void countsTheBetterScores() {
    double[] scores = {0.1, 0.9, 0.5, -2};
    assertEquals(1, Ranking.rank(0, 3, CANDIDATES, scores));
    assertEquals(2, Ranking.rank(0, 9, CANDIDATES, scores));
    assertEquals(4, Ranking.rank(0, 7, CANDIDATES, scores));
    assertArrayEquals(new int[] {3, 9, 5, 7}, Ranking.order(0, CANDIDATES, scores));
  }

  @Test
  void orderAndRankAgreeWithTies() {
    SplittableRandom random = new SplittableRandom(1);
    for (int row = 0; row < 200; row++) {
      double[] scores = random.doubles(4).map(d -> Math.floor(3 * d)).toArray();
      int[] order = Ranking.order(row, CANDIDATES, scores);
      for (int i = 0; i < order.length; i++) {
        assertEquals(i + 1, Ranking.rank(row, order[i], CANDIDATES, scores));
      }
    }
  }

  @Test
  void aConstantScorerGetsChanceWhereverTheTargetStands() {
    int rows = 20_000;
    int[] candidates = IntStream.range(0, 20).toArray();
    double[] scores = new double[20];
    for (int target : new int[] {0, 19}) {
      int[] ranks = new int[21];
      for (int row = 0; row < rows; row++) {
        ranks[Ranking.rank(row, target, candidates, scores)]++;
      }
      // Each count is binomial with mean 1000 and deviation 31.
      for (int rank = 1; rank <= 20; rank++) {
        assertEquals(1000, ranks[rank], 150, "rank " + rank);
      }
    }
  }

  @Test
  void tiesDoNotDependOnTheOrderOfCandidates() {
    int[] reversed = {7, 9, 3, 5};
    for (int row = 0; row < 50; row++) {
      assertEquals(
          Ranking.rank(row, 9, CANDIDATES, new double[4]),
          Ranking.rank(row, 9, reversed, new double[4]));
    }
  }

  @Test
  void namesWhatIsWrong() {
    assertMessage(
        "row 8: target 4 is not among its 4 candidates",
        () -> Ranking.rank(8, 4, CANDIDATES, new double[4]));
    assertMessage(
        "row 8: 3 scores for 4 candidates", () -> Ranking.rank(8, 5, CANDIDATES, new double[3]));
    assertMessage(
        "row 8: candidate 5 occurs twice",
        () -> Ranking.rank(8, 5, new int[] {5, 6, 5}, new double[3]));
    assertMessage(
        "row 8: score of candidate 9 is NaN, not finite",
        () -> Ranking.rank(8, 5, CANDIDATES, new double[] {1, 2, Double.NaN, 3}));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
