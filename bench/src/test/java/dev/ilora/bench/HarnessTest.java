package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HarnessTest {
  private long now;
  private final List<String> ran = new ArrayList<>();

  /** Work that takes the given seconds, one after the other, by the test's own clock. */
  private Variant variant(String name, double... seconds) {
    int[] runs = {0};
    return new Variant(
        name,
        () -> {
          ran.add(name);
          now += (long) (seconds[runs[0]++] * 1e9);
        });
  }

  private Harness harness(int repetitions, Progress progress) {
    return new Harness(repetitions, () -> now, progress);
  }

  @Test
  void variantsAlternateAndEveryOtherRoundIsReversed() {
    harness(3, Progress.NONE)
        .run(
            "x",
            List.of(variant("a", 1, 1, 1, 1), variant("b", 1, 1, 1, 1), variant("c", 1, 1, 1, 1)));
    assertEquals("a b c c b a a b c c b a", String.join(" ", ran));
  }

  @Test
  void theWarmUpDoesNotCount() {
    Map<String, Timing> timings =
        harness(3, Progress.NONE)
            .run("x", List.of(variant("a", 100, 3, 1, 2), variant("b", 100, 8, 4, 6)));
    assertEquals(List.of(3.0, 1.0, 2.0), timings.get("a").seconds());
    assertEquals(2, timings.get("a").median());
    assertEquals(6, timings.get("b").median());
    assertEquals(4, timings.get("b").min());
    assertEquals(8, timings.get("b").max());
    assertEquals(List.of("a", "b"), List.copyOf(timings.keySet()));
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertEquals(2.5, new Timing(List.of(9.0, 2.0, 1.0, 3.0)).median());
    assertEquals(4, new Timing(List.of(4.0)).median());
  }

  @Test
  void progressTellsEveryRun() {
    List<String> told = new ArrayList<>();
    harness(1, (what, done, total, detail) -> told.add(what + " " + done + "/" + total + detail))
        .run("x", List.of(variant("a", 1, 2)));
    assertEquals(List.of("x 1/2a 1.000 s", "x 2/2a 2.000 s"), told);
  }

  @Test
  void refusesNoRepetitionAndTwoVariantsOfOneName() {
    var none = assertThrows(IllegalArgumentException.class, () -> harness(0, Progress.NONE));
    assertEquals("repetitions: expected at least 1, got 0", none.getMessage());
    var twice =
        assertThrows(
            IllegalArgumentException.class,
            () -> harness(1, Progress.NONE).run("x", List.of(variant("a", 1, 1), variant("a", 1))));
    assertEquals("two variants are named 'a'", twice.getMessage());
  }
}
