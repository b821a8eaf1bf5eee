package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceOrderTest {
  @Test
  void sortsAsAStableSortDoes() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long range = 1L << random.nextInt(62);
      long from = random.nextLong();
      long[] keys = random.longs(random.nextInt(50), 0, range).map(k -> from + k).toArray();
      assertArrayEquals(slowOrder(keys), SequenceOrder.stableOrder(keys), "seed " + seed);
    }
  }

  @Test
  void sortsKeysThatLieAsFarApartAsCanBe() {
    long[][] cases = {
      {Long.MAX_VALUE, Long.MIN_VALUE, 0, Long.MAX_VALUE, Long.MIN_VALUE},
      {Long.MAX_VALUE, 0, Long.MAX_VALUE, 0},
      {Long.MAX_VALUE, Long.MAX_VALUE},
      {5},
      {},
    };
    for (long[] keys : cases) {
      assertArrayEquals(slowOrder(keys), SequenceOrder.stableOrder(keys));
    }
  }

  private static int[] slowOrder(long[] keys) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> keys[i]));
    return order.stream().mapToInt(i -> i).toArray();
  }
}
