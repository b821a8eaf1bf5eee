package dev.ilora.http;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import java.time.Duration;

/** How one waits until a server may be asked again. */
@FunctionalInterface
public interface Pause {
  /** How often a wait looks whether the user wants to stop. */
  Duration GLANCE = Duration.ofMillis(100);

  /** Waits. */
  void of(Duration time);

  /** Sleeps, and ends with {@link InterruptedRunException} when the user wants to stop. */
  static Pause sleeping(Interruption interruption) {
    return time -> {
      long end = System.nanoTime() + time.toNanos();
      try {
        while (System.nanoTime() < end) {
          Stopped.check(interruption);
          Thread.sleep(GLANCE);
        }
      } catch (InterruptedException e) {
        throw Stopped.byThread();
      }
    };
  }
}
