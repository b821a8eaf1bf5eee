package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.data.Case;
import dev.ilora.recommender.Popularity;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValidationTest {
  @Test
  void equalsCountingAllDraws() {
    // 2 of 6 others drawn, 2 of them better: C(4, 2) / C(6, 2) = 6 / 15.
    assertEquals(0.4, Validation.firstProbability(2, 6, 2), 1e-12);
    assertEquals(1, Validation.firstProbability(0, 6, 2), 1e-12);
    assertEquals(0, Validation.firstProbability(5, 6, 2), 1e-12);
    assertEquals(1, Validation.firstProbability(0, 0, 0), 1e-12);
  }

  @Test
  void equalsTheMeanOfManyDraws() {
    int[] counts = new int[60];
    for (int item = 0; item < counts.length; item++) {
      counts[item] = 60 - item;
    }
    Popularity popularity = new Popularity(counts);
    // The user had 0, 1 and 4, so 57 items remain to draw; 2 and 3 are better than 4.
    Case row = new Case(0, "u", new int[] {1}, 4);
    List<Case> earlier =
        List.of(new Case(0, "u", new int[] {0}, 1), new Case(1, "v", new int[] {2}, 3));
    Random random = new Random(4);
    int hits = 0;
    int draws = 20_000;
    for (int draw = 0; draw < draws; draw++) {
      List<Integer> others =
          random
              .ints(0, 60)
              .filter(i -> i != 0 && i != 1 && i != 4)
              .distinct()
              .limit(19)
              .boxed()
              .toList();
      hits += others.stream().allMatch(item -> counts[item] < counts[4]) ? 1 : 0;
    }
    assertEquals(
        hits / (double) draws, new Validation(List.of(row), earlier).hitRate(popularity), 0.015);
  }
}
