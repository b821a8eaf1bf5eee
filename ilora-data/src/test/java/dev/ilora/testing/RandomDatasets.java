package dev.ilora.testing;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Made-up data sets for tests. */
public final class RandomDatasets {
  private RandomDatasets() {}

  /** Users with sequences of items at random. */
  public static Dataset random(long seed, int users, int items, boolean times) {
    SplittableRandom random = new SplittableRandom(seed);
    List<UserSequence> sequences = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      int length = 1 + random.nextInt(12);
      int[] chosen = random.ints(length, 0, items).toArray();
      long[] when = times ? random.longs(length, 0, 50).sorted().toArray() : new long[0];
      sequences.add(new UserSequence("u" + u, chosen, new float[0], when));
    }
    return new Dataset("random", items(items), sequences, Map.of());
  }

  /** Items with made-up titles. */
  public static List<Item> items(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Item(i, "k" + i, "Title " + i, Map.of()))
        .toList();
  }
}
