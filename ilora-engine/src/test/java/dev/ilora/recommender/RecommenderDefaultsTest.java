package dev.ilora.recommender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecommenderDefaultsTest {
  private static RecommenderConfig of(long rows) {
    return RecommenderConfig.defaults(Architecture.Model.SASREC, 10, 1, rows);
  }

  @Test
  void largeDataGetTheSettingsChosenOnMovieLens() {
    RecommenderConfig usual = RecommenderConfig.defaults(Architecture.Model.SASREC, 10, 1);
    assertEquals(usual, of(51_200));
    assertEquals(usual, of(20_000_000));
  }

  @Test
  void smallDataGetMoreAndSmallerSteps() {
    RecommenderConfig small = of(2000);
    assertEquals(64, small.batchSize());
    assertEquals(60, small.epochs());
    assertEquals(10, small.patience());
    assertEquals(0.004, small.learningRate());
    assertEquals(60, of(0).epochs());
  }

  @Test
  void noAmountOfDataTakesMoreThanTenThousandSteps() {
    for (long rows = 1; rows < 60_000; rows += 37) {
      RecommenderConfig config = of(rows);
      long steps = config.epochs() * Math.ceilDiv(rows, config.batchSize());
      assertTrue(steps <= 10_000 && config.epochs() >= 10, rows + " rows: " + steps + " steps");
    }
  }
}
