package dev.ilora.data.ingest;

import dev.ilora.Randomness;
import dev.ilora.data.ingest.ImportOptions.Order;
import dev.ilora.data.ingest.ImportOptions.Ties;
import dev.ilora.data.records.InteractionLog;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Puts one user's interactions in order.
 *
 * @param parts where the source comes split, training comes before validation and test
 */
record SequenceOrder(InteractionLog log, ImportOptions options, Optional<PartColumn> parts) {
  /** Sorts indexes into the log, given in file order, in place. */
  void sort(int[] indexes) {
    boolean byTime = options.order() == Order.TIME && log.hasTimes();
    if (byTime && options.ties() == Ties.PAPER) {
      permute(indexes, PaperSort.order(keys(indexes, log::time)));
    } else if (byTime) {
      if (options.ties() == Ties.ITEM) {
        permute(indexes, stableOrder(keys(indexes, log::item)));
      } else if (options.ties() == Ties.RANDOM) {
        permute(indexes, stableOrder(keys(indexes, this::lot)));
      }
      byTime(log, indexes);
    } else if (options.order() == Order.ITEM) {
      permute(indexes, stableOrder(keys(indexes, log::item)));
    }
    parts.ifPresent(column -> permute(indexes, stableOrder(keys(indexes, column::order))));
  }

  private static void byTime(InteractionLog log, int[] indexes) {
    if (log.hasNanos()) {
      permute(indexes, stableOrder(keys(indexes, log::nanos)));
    }
    permute(indexes, stableOrder(keys(indexes, log::time)));
  }

  /** A number drawn for a user and an item: the same whatever the order of the file. */
  private long lot(int interaction) {
    String user = log.userKey(log.user(interaction));
    return Randomness.lot(options.tieSeed(), user, log.item(interaction));
  }

  /**
   * The share of a user's neighbours in time that have the same time, 0..1; 0 without times.
   *
   * @param grouping all interactions by user
   */
  static double tiedShare(InteractionLog log, InteractionLog.Grouping grouping) {
    if (!log.hasTimes()) {
      return 0;
    }
    long tied =
        IntStream.range(0, log.userCount())
            .parallel()
            .mapToLong(user -> tied(log, grouping.of(user)))
            .sum();
    long neighbours = (long) log.size() - log.userCount();
    return neighbours == 0 ? 0 : (double) tied / neighbours;
  }

  private static long tied(InteractionLog log, int[] indexes) {
    if (!log.hasNanos()) {
      // Only equal times are counted, so that sorting numbers does, which is much faster.
      long[] times = keys(indexes, log::time);
      Arrays.sort(times);
      return IntStream.range(1, times.length).filter(p -> times[p] == times[p - 1]).count();
    }
    byTime(log, indexes);
    return IntStream.range(1, indexes.length)
        .filter(p -> log.time(indexes[p]) == log.time(indexes[p - 1]))
        .filter(p -> log.nanos(indexes[p]) == log.nanos(indexes[p - 1]))
        .count();
  }

  /**
   * The number of users of whom an interaction of an earlier part is later than one of a later
   * part, so that their parts are not in the order of time.
   */
  static long againstTime(InteractionLog log, InteractionLog.Grouping grouping, PartColumn parts) {
    return IntStream.range(0, log.userCount())
        .parallel()
        .filter(
            user -> {
              int[] indexes = grouping.of(user);
              byTime(log, indexes);
              return IntStream.range(1, indexes.length)
                  .filter(p -> parts.order(indexes[p]) < parts.order(indexes[p - 1]))
                  .anyMatch(p -> log.time(indexes[p]) > log.time(indexes[p - 1]));
            })
        .count();
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
