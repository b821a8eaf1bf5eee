package dev.ilora.runs;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one phase of a run took.
 *
 * @param seconds its duration
 * @param threads compute threads it ran on, where that is known
 * @param peakBytes the most memory it took over what the process held before, where that was
 *     measured
 */
public record Cost(double seconds, OptionalInt threads, OptionalLong peakBytes) {
  /** Checks that the duration is possible. */
  public Cost {
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException("seconds must be at least 0, not " + seconds);
    }
  }

  /** Whether both ran on as many threads, as far as that is known. */
  boolean sameThreads(Cost other) {
    return threads.isEmpty() || other.threads.isEmpty() || threads.equals(other.threads);
  }

  /** A phase of which only the duration is known. */
  public static Cost ofSeconds(double seconds) {
    return new Cost(seconds, OptionalInt.empty(), OptionalLong.empty());
  }

  /**
   * This phase and its continuation after an interruption: both durations, the later threads, the
   * larger peak.
   */
  public Cost plus(Cost later) {
    return new Cost(
        seconds + later.seconds,
        later.threads.isPresent() ? later.threads : threads,
        peakBytes.isPresent() && later.peakBytes.isPresent()
            ? OptionalLong.of(Math.max(peakBytes.getAsLong(), later.peakBytes.getAsLong()))
            : peakBytes.isPresent() ? peakBytes : later.peakBytes);
  }
}
