package dev.ilora.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void everyThingIsDealtOnceAndTheSharesWeighAboutTheSame() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 100; round++) {
      int count = 1 + random.nextInt(5);
      List<Integer> sizes = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        sizes.add(random.nextInt(1, 100));
      }
      Collections.sort(sizes);
      List<List<Integer>> shares = Workers.deal(sizes, count);
      assertEquals(count, shares.size());
      assertEquals(sizes, shares.stream().flatMap(List::stream).sorted().toList());
      shares.forEach(share -> assertEquals(share.stream().sorted().toList(), share));
      IntSummaryStatistics weights =
          shares.stream()
              .mapToInt(share -> share.stream().mapToInt(Integer::intValue).sum())
              .summaryStatistics();
      int largest = sizes.isEmpty() ? 0 : sizes.getLast();
      assertTrue(weights.getMax() - weights.getMin() <= 2 * largest, sizes + " among " + count);
    }
  }

  @Test
  void resultsAreAddedAndMistakesPassedOn() {
    assertEquals(10, Workers.sum(5, worker -> worker));
    var mistake =
        assertThrows(
            IllegalStateException.class,
            () ->
                Workers.sum(
                    3,
                    worker -> {
                      if (worker == 2) {
                        throw new IllegalStateException("third");
                      }
                      return 0;
                    }));
    assertEquals("third", mistake.getMessage());
  }

  @Test
  void threadsOfOperationsAreAsBefore() {
    int threads = Torch.threads();
    Workers.sum(2, _ -> Torch.threads());
    assertEquals(threads, Torch.threads());
  }
}
