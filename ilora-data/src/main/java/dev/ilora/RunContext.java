package dev.ilora;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What long work needs of the world around it.
 *
 * @param progress where it tells how far it is
 * @param interruption tells it that the user wants to stop
 * @param clock what time it is
 */
public record RunContext(Progress progress, Interruption interruption, InstantSource clock) {
  /** Work that tells nobody how far it is and that no signal stops. */
  public static RunContext silent(InstantSource clock) {
    return new RunContext(Progress.NONE, Interruption.never(), clock);
  }

  /** The same with another listener. */
  public RunContext withProgress(Progress listener) {
    return new RunContext(listener, interruption, clock);
  }

  /** The time that has passed since an instant of this clock. */
  public Duration since(Instant before) {
    return Duration.between(before, clock.instant());
  }
}
