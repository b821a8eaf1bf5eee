package dev.ilora.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.Torch;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many threads are used is measured under the load there is. */
class ThreadChoiceTest {
  @Test
  void allThreadsAreUsedUnlessFewerAreClearlyFaster() {
    assertEquals(4, ThreadChoice.of(Map.of(1, 50.0, 2, 90.0, 4, 180.0)).threads());
    assertEquals(4, ThreadChoice.of(Map.of(1, 50.0, 2, 110.0, 4, 100.0)).threads());
    assertEquals(2, ThreadChoice.of(Map.of(1, 50.0, 2, 120.0, 4, 100.0)).threads());
    assertEquals(1, ThreadChoice.of(Map.of(1, 93.0, 2, 61.0)).threads());
  }

  @Test
  void theChoiceSaysWhatItWasMadeFrom() {
    assertEquals(
        "1 (GFLOP/s of matrix products now: 93 with 1, 61 with 2)",
        ThreadChoice.of(Map.of(1, 93.2, 2, 60.9)).toString());
  }

  @Test
  void measuringLeavesTheThreadsAsTheyWere() {
    int before = Torch.threads();
    ThreadChoice choice = ThreadChoice.measure(2);
    assertEquals(before, Torch.threads());
    assertEquals(Set.of(1, 2), choice.gigaflops().keySet());
    assertTrue(choice.gigaflops().values().stream().allMatch(speed -> speed > 0));
  }
}
