package dev.ilora.testing;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds for tests of random inputs: the same ones in every build, so that what was found once stays
 * tested, and as many new ones that no build has tried. A failure tells its seed; {@code
 * -Dilora.test.seed=SEED} tries only that one.
 */
public final class Seeds {
  private static final String PROPERTY = "ilora.test.seed";

  private Seeds() {}

  /** A test of one random input. */
  @FunctionalInterface
  public interface Try {
    /** Makes an input from a seed and tests it. */
    void with(long seed) throws Exception;
  }

  /**
   * Tries the seeds 0 to {@code count - 1} and as many new ones.
   *
   * @throws AssertionError if a try fails, with its seed and the failure as its cause
   */
  public static void each(int count, Try test) {
    Long only = Long.getLong(PROPERTY);
    LongStream fresh = new SplittableRandom().longs(count);
    LongStream seeds =
        only == null ? LongStream.concat(LongStream.range(0, count), fresh) : LongStream.of(only);
    seeds.forEach(seed -> attempt(seed, test));
  }

  private static void attempt(long seed, Try test) {
    try {
      test.with(seed);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + ": " + e.getMessage() + "; again with -D" + PROPERTY + "=" + seed, e);
    }
  }
}
