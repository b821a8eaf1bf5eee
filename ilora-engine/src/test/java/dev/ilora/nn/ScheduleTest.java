package dev.ilora.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void warmsUpLinearlyThenFollowsTheCosineToTheFloor() {
    Schedule schedule = Schedule.warmupCosine(100, 0.2, 0.01);
    assertEquals(0.05, schedule.factor(0), 1e-12);
    assertEquals(0.5, schedule.factor(9), 1e-12);
    assertEquals(1, schedule.factor(19), 1e-12);
    assertEquals(1, schedule.factor(20), 1e-12);
    assertEquals(0.505, schedule.factor(60), 1e-12);
    assertEquals(0.01, schedule.factor(100), 1e-12);
    assertEquals(0.01, schedule.factor(1_000_000), 1e-12);
  }

  @Test
  void neverRisesAfterTheWarmUp() {
    Schedule schedule = Schedule.warmupCosine(37, 0, 0.1);
    for (long step = 1; step < 50; step++) {
      assertTrue(schedule.factor(step) <= schedule.factor(step - 1), "step " + step);
    }
  }

  @Test
  void constantIsOne() {
    assertEquals(1, Schedule.constant().factor(12345));
  }

  @Test
  void refusesValuesOutsideTheirBounds() {
    assertMessage("total steps 0 is below 1", () -> Schedule.warmupCosine(0, 0, 0));
    assertMessage("warm-up fraction 1.0 is outside [0, 1)", () -> Schedule.warmupCosine(10, 1, 0));
    assertMessage("floor -0.5 is outside [0, 1]", () -> Schedule.warmupCosine(10, 0, -0.5));
    assertMessage("warm-up steps 11 are outside 0..10", () -> new Schedule.WarmupCosine(11, 10, 0));
    assertMessage("step -1 is below 0", () -> Schedule.constant().factor(-1));
  }

  private static void assertMessage(String message, Runnable action) {
    var thrown = assertThrows(IllegalArgumentException.class, action::run);
    assertEquals(message, thrown.getMessage());
  }
}
