package dev.ilora.data;

import java.util.HashSet;
import java.util.Set;

/**
 * What the order of interactions rests on. Neighbours are two interactions of a user that follow
 * each other.
 *
 * @param neighbours pairs of neighbours
 * @param tied neighbours of equal time, whose order is that of the tie-break
 * @param tiedShare their share of all neighbours, 0..1
 * @param ascendingShare share of tied neighbours whose items ascend in the catalogue, 0..1; about
 *     one half where their order is random
 * @param largestTie the most interactions of one user at the same time
 * @param burstShare share of neighbours less than a minute apart, ties included, 0..1
 * @param duplicates interactions whose user, item and time are those of an earlier one
 */
public record OrderSummary(
    long neighbours,
    long tied,
    double tiedShare,
    double ascendingShare,
    int largestTie,
    double burstShare,
    long duplicates) {
  private static final long MINUTE = 60 * Times.SECOND;

  /** Counts in a data set; all zero but the neighbours where it has no times. */
  static OrderSummary of(Dataset dataset) {
    Counter counter = new Counter();
    dataset.users().forEach(counter::add);
    return new OrderSummary(
        counter.neighbours,
        counter.tied,
        share(counter.tied, counter.neighbours),
        share(counter.ascending, counter.tied),
        counter.largest,
        share(counter.bursts, counter.neighbours),
        counter.duplicates);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Counts user by user. */
  private static final class Counter {
    private long neighbours;
    private long tied;
    private long ascending;
    private long bursts;
    private long duplicates;
    private int largest;

    void add(UserSequence user) {
      neighbours += Math.max(0, user.length() - 1);
      long[] times = user.times();
      int run = 1;
      Set<Integer> atOnce = new HashSet<>();
      for (int p = 0; p < times.length; p++) {
        boolean ties = p > 0 && times[p] == times[p - 1];
        run = ties ? run + 1 : 1;
        largest = run > 1 ? Math.max(largest, run) : largest;
        if (!ties) {
          atOnce.clear();
        }
        duplicates += atOnce.add(user.items()[p]) ? 0 : 1;
        tied += ties ? 1 : 0;
        ascending += ties && user.items()[p] > user.items()[p - 1] ? 1 : 0;
        bursts += p > 0 && Math.abs(times[p] - times[p - 1]) < MINUTE ? 1 : 0;
      }
    }
  }
}
