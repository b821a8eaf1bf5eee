package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  @Test
  void aSlowCallIsInterruptedAndTheThreadGoesOnUninterrupted() {
    try (StallWatch watch = new StallWatch(Duration.ofMillis(20))) {
      watch.hurry();
      assertFalse(Thread.currentThread().isInterrupted());
      try (StallWatch.Span _ = watch.begin()) {
        assertThrows(InterruptedException.class, () -> Thread.sleep(Duration.ofSeconds(20)));
      }
      assertTrue(watch.stalled());
      watch.hurry();
      assertTrue(Thread.currentThread().isInterrupted());
    }
    assertFalse(Thread.interrupted());
  }
}
