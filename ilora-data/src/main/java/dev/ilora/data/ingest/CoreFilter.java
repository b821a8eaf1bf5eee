package dev.ilora.data.ingest;

import dev.ilora.data.records.InteractionLog;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Drops duplicates, then items and users with too few interactions, items first, once or until
 * nothing changes.
 */
final class CoreFilter {
  private final InteractionLog log;
  private final boolean filters;
  private final BitSet kept;
  private final BitSet items = new BitSet();

  private int duplicates;

  private CoreFilter(InteractionLog log, boolean filters) {
    this.log = log;
    this.filters = filters;
    this.kept = new BitSet(log.size());
    kept.set(0, log.size());
  }

  static CoreFilter apply(
      InteractionLog log, InteractionLog.Grouping grouping, int itemCount, ImportOptions options) {
    CoreFilter filter = new CoreFilter(log, options.userCore() > 0 || options.itemCore() > 0);
    if (options.dropDuplicates()) {
      filter.dropDuplicates(grouping);
    }
    boolean changed = filter.filters;
    while (changed) {
      boolean items = filter.dropItems(itemCount, options.itemCore());
      boolean users = filter.dropUsers(options.userCore());
      changed = options.iterateCore() && (items || users);
    }
    for (int i = filter.kept.nextSetBit(0); i >= 0; i = filter.kept.nextSetBit(i + 1)) {
      filter.items.set(log.item(i));
    }
    return filter;
  }

  /** What makes two interactions of a user the same. */
  private record Event(int item, long time, int nanos) {}

  private void dropDuplicates(InteractionLog.Grouping grouping) {
    for (int user = 0; user < log.userCount(); user++) {
      Set<Event> seen = new HashSet<>();
      for (int i : grouping.of(user)) {
        Event event = new Event(log.item(i), log.hasTimes() ? log.time(i) : 0, log.nanos(i));
        if (!seen.contains(event)) {
          // Without times the same item may be chosen again later.
          seen = log.hasTimes() ? seen : new HashSet<>();
          seen.add(event);
        } else {
          kept.clear(i);
          duplicates++;
        }
      }
    }
  }

  private boolean dropItems(int itemCount, int fewest) {
    int[] counts = new int[itemCount];
    kept.stream().forEach(i -> counts[log.item(i)]++);
    int before = kept.cardinality();
    kept.stream().filter(i -> counts[log.item(i)] < fewest).forEach(kept::clear);
    return kept.cardinality() < before;
  }

  private boolean dropUsers(int fewest) {
    int[] counts = new int[log.userCount()];
    kept.stream().forEach(i -> counts[log.user(i)]++);
    int before = kept.cardinality();
    kept.stream().filter(i -> counts[log.user(i)] < fewest).forEach(kept::clear);
    return kept.cardinality() < before;
  }

  boolean filters() {
    return filters;
  }

  /** Those of some interactions that are kept. */
  int[] kept(int[] interactions) {
    return filters || duplicates > 0
        ? Arrays.stream(interactions).filter(kept::get).toArray()
        : interactions;
  }

  boolean keepsItem(int item) {
    return items.get(item);
  }

  int duplicates() {
    return duplicates;
  }

  int interactions() {
    return kept.cardinality();
  }
}
