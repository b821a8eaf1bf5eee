package dev.ilora.train;

/**
 * How the rows of a step pass through a model; another way rounds sums otherwise.
 *
 * @param rows the most of one pass; each thread has a pass in memory
 * @param checkpoint whether layers are computed a second time on the way back instead of being
 *     remembered
 */
public record PassPlan(int rows, boolean checkpoint) {
  /** Where nothing else is said, and all of it fits into memory. */
  public static final PassPlan USUAL = new PassPlan(8, false);

  /** Measures passes of the longest examples. */
  @FunctionalInterface
  public interface Measuring {
    /**
     * @param threads passes at once
     * @param most see {@link StepEstimate#measure}
     */
    StepEstimate of(int threads, int most, boolean checkpoint);
  }

  /**
   * The largest passes that fit, without checkpointing if a row fits so on every thread. One row on
   * one thread is measured first: passes that will not fit are not tried.
   *
   * @param threads that have a pass each
   * @param most rows of a pass
   * @param room bytes that all passes may take
   * @return one row with checkpointing where nothing fits
   */
  public static PassPlan largest(int threads, int most, long room, Measuring measuring) {
    int remembered = rows(threads, most, room, false, measuring);
    if (remembered > 0) {
      return new PassPlan(remembered, false);
    }
    return checkpointed(threads, most, room, measuring);
  }

  /** The same where layers are computed a second time in any case. */
  public static PassPlan checkpointed(int threads, int most, long room, Measuring measuring) {
    return new PassPlan(Math.max(1, rows(threads, most, room, true, measuring)), true);
  }

  /** The same where layers are remembered in any case. */
  public static PassPlan remembered(int threads, int most, long room, Measuring measuring) {
    return new PassPlan(Math.max(1, rows(threads, most, room, false, measuring)), false);
  }

  private static int rows(
      int threads, int most, long room, boolean checkpoint, Measuring measuring) {
    long one = threads * measuring.of(1, 1, checkpoint).bytes(1);
    if (one > room) {
      return 0;
    }
    return most == 1 || 2 * one > room
        ? 1
        : measuring.of(threads, most, checkpoint).largestMicroBatch(most, room);
  }
}
