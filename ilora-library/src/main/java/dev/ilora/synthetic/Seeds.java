package dev.ilora.synthetic;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random numbers for each place of a stream that are those of no other place. */
public final class Seeds {
  private Seeds() {}

  /**
   * Returns the random numbers of one place of a stream.
   *
   * @param seed of the stream
   * @param index of the place
   */
  public static RandomGenerator at(long seed, long index) {
    // Drawn twice: seeds a multiple of SplittableRandom's own increment apart would give the same
    // numbers, shifted.
    long place = new SplittableRandom(index).nextLong();
    return new SplittableRandom(new SplittableRandom(seed ^ place).nextLong());
  }
}
