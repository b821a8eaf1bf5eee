package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.testing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetSummaryTest {
  @Test
  void describesASmallDataset() {
    List<String> titles = List.of("Alien", "Aliens", "Heat", "Heat", "The Alien Within");
    List<Item> items =
        IntStream.range(0, 5).mapToObj(i -> new Item(i, "k" + i, titles.get(i), Map.of())).toList();
    float[] ratings = {1, 2, 2, 5, 5};
    UserSequence first =
        new UserSequence("u", new int[] {0, 1, 0, 0, 2}, ratings, new long[] {1, 1, 2, 3, 3});
    UserSequence second =
        new UserSequence(
            "v", new int[] {0, 1, 2, 3}, new float[] {1, 1, 1, 1}, new long[] {1, 2, 3, 4});
    Dataset dataset = new Dataset("d", items, List.of(first, second), Map.of());
    DatasetSummary summary =
        DatasetSummary.of(new SplitRule.LeaveOneOut().apply(dataset, 10), "abc", 3);
    assertEquals(9, summary.interactions());
    assertEquals(new Quantiles(4, 4, 4, 4, 5, 5, 5, 4.5), summary.lengths());
    assertEquals(new Quantiles(0, 0, 1, 2, 2, 4, 4, 1.8), summary.popularity());
    assertEquals(1, summary.itemsNeverChosen());
    assertEquals(4.0 / 9, summary.topTenthShare());
    assertEquals(Map.of("1.0", 5, "2.0", 2, "5.0", 2), summary.ratings());
    assertEquals(2, summary.repeats());
    assertEquals(1, summary.usersWithRepeats());
    assertEquals(2, summary.order().tied());
    assertEquals(Map.of("train", 0, "valid", 1, "test", 2), summary.rowsByPart());
    assertEquals(2, summary.coldItems());
    assertEquals(2, summary.coldRows());
    assertEquals(Map.of("Heat", 2), summary.duplicateTitles());
    assertEquals(Map.of("Alien", "Aliens"), summary.containedExamples());
  }

  @Test
  void containedTitlesAreThoseAComparisonOfAllPairsFinds() {
    Seeds.each(10, seed -> comparesAllPairs(new SplittableRandom(seed)));
  }

  private static void comparesAllPairs(SplittableRandom random) {
    List<String> titles =
        IntStream.range(0, 60).mapToObj(i -> randomTitle(random)).distinct().toList();
    Map<String, Boolean> expected = new HashMap<>();
    for (String title : titles) {
      for (String other : titles) {
        if (!title.equals(other) && other.contains(title)) {
          expected.put(title, true);
        }
      }
    }
    Map<String, String> found = DatasetSummary.contained(titles);
    assertEquals(expected.keySet(), found.keySet());
    found.forEach((title, other) -> assertEquals(true, other.contains(title)));
  }

  private static String randomTitle(SplittableRandom random) {
    StringBuilder title = new StringBuilder();
    int length = 1 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      title.append((char) ('a' + random.nextInt(3)));
    }
    return title.toString();
  }
}
