package dev.ilora.recommender;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Picks the best items of one row of scores. */
final class Top {
  private Top() {}

  /** Best first; of equal scores the smaller id. */
  static int[] of(float[] scores, int[] leftOut, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("number of items " + count + " is below 1");
    }
    BitSet excluded = new BitSet(scores.length);
    Arrays.stream(leftOut).forEach(excluded::set);
    return IntStream.range(0, scores.length)
        .filter(item -> !excluded.get(item))
        .boxed()
        .sorted(Comparator.comparingDouble(item -> -scores[item]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
