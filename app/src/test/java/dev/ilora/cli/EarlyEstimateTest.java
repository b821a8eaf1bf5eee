package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command says early how long it takes. */
class EarlyEstimateTest {
  private final List<String> said = new ArrayList<>();
  private long seconds;

  private EarlyEstimate estimate() {
    return new EarlyEstimate(
        Progress.NONE, said::add, () -> Instant.ofEpochSecond(seconds), "Less is less.");
  }

  @Test
  void itIsSaidOnceAfterSomeSecondsOfWatching() {
    EarlyEstimate estimate = estimate();
    estimate.update("training", 1, 10, "");
    for (seconds = 0; seconds < 20; seconds++) {
      estimate.update("training", seconds, 20, "", Duration.ofSeconds(100 - seconds));
    }
    assertEquals(List.of("The language models take about 1 min 28 s from now."), said);
  }

  @Test
  void lessIsOfferedWhereItTakesLong() {
    EarlyEstimate estimate = estimate();
    estimate.update("training", 0, 20, "", Duration.ofMinutes(30));
    seconds += 12;
    estimate.update("training", 1, 20, "", Duration.ofMinutes(20));
    assertEquals(
        List.of("The language models take about 20 min 00 s from now. Less is less."), said);
  }
}
