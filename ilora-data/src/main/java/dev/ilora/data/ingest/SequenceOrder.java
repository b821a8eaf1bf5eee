package dev.ilora.data.ingest;

import dev.ilora.data.ingest.ImportOptions.Order;
import dev.ilora.data.records.InteractionLog;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Puts one user's interactions in order. */
record SequenceOrder(InteractionLog log, ImportOptions options) {
  /** Sorts indexes into the log, given in file order, in place. */
  void sort(int[] indexes) {
    boolean byTime = options.order() == Order.TIME && log.hasTimes();
    if (byTime && options.ties() == ImportOptions.Ties.PAPER) {
      permute(indexes, PaperSort.order(keys(indexes, log::time)));
    } else if (byTime) {
      if (options.ties() == ImportOptions.Ties.ITEM) {
        permute(indexes, stableOrder(keys(indexes, log::item)));
      }
      permute(indexes, stableOrder(keys(indexes, log::time)));
    } else if (options.order() == Order.ITEM) {
      permute(indexes, stableOrder(keys(indexes, log::item)));
    }
  }

  private static long[] keys(int[] indexes, IntToLongFunction key) {
    long[] keys = new long[indexes.length];
    Arrays.setAll(keys, p -> key.applyAsLong(indexes[p]));
    return keys;
  }

  private static void permute(int[] indexes, int[] order) {
    int[] before = indexes.clone();
    Arrays.setAll(indexes, p -> before[order[p]]);
  }

  /**
   * The places of keys in ascending order, equal ones in the order given. Key and place are packed
   * into one number each, which sorts without objects, unless the keys lie too far apart.
   */
  static int[] stableOrder(long[] keys) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (long key : keys) {
      least = Math.min(least, key);
      most = Math.max(most, key);
    }
    int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, keys.length - 1));
    long range = most - least;
    return range >= 0 && range >> (Long.SIZE - 1 - placeBits) == 0
        ? packedOrder(keys, least, placeBits)
        : comparedOrder(keys);
  }

  private static int[] packedOrder(long[] keys, long least, int placeBits) {
    long[] packed = new long[keys.length];
    Arrays.setAll(packed, p -> keys[p] - least << placeBits | p);
    Arrays.sort(packed);
    int[] order = new int[keys.length];
    Arrays.setAll(order, p -> (int) (packed[p] & (1L << placeBits) - 1));
    return order;
  }

  private static int[] comparedOrder(long[] keys) {
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted(Comparator.comparingLong(p -> keys[p]))
        .mapToInt(p -> p)
        .toArray();
  }
}
