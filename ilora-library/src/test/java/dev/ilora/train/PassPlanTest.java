package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of a pass, from what passes of known size take. */
class PassPlanTest {
  private static final int THREADS = 2;
  private static final int MOST = 8;

  /** A row takes 10, or 2 with checkpointing, and a pass 2 whatever its rows. */
  private static long bytes(int threads, int rows, boolean checkpoint) {
    return threads * (2 + rows * (checkpoint ? 2L : 10L));
  }

  private final List<String> measured = new ArrayList<>();

  private StepEstimate measure(int threads, int most, boolean checkpoint) {
    measured.add(threads + " " + most + " " + checkpoint);
    return new StepEstimate(
        threads,
        new StepEstimate.Pass(bytes(threads, 1, checkpoint), 1),
        new StepEstimate.Pass(bytes(threads, Math.min(2, most), checkpoint), 2));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 8, false",
    "164, 8, false",
    "163, 7, false",
    "48, 2, false",
    // Two passes of two rows would fit in 44, but not two times what one of one row takes.
    "47, 1, false",
    "24, 1, false",
    "23, 4, true",
    "15, 1, true",
    "0, 1, true",
    "-5, 1, true"
  })
  void areAsManyAsFitAndWithoutCheckpointingIfOneFits(long room, int rows, boolean checkpoint) {
    assertEquals(
        new PassPlan(rows, checkpoint), PassPlan.largest(THREADS, MOST, room, this::measure));
  }

  @Test
  void neverTakeMoreThanThereIsWhereOneRowFits() {
    for (long room = bytes(THREADS, 1, false); room < 200; room++) {
      PassPlan plan = PassPlan.largest(THREADS, MOST, room, this::measure);
      assertTrue(bytes(THREADS, plan.rows(), plan.checkpoint()) <= room, "room " + room);
    }
  }

  @Test
  void whatWillNotFitIsNotTried() {
    PassPlan.largest(THREADS, MOST, 23, this::measure);
    assertEquals(List.of("1 1 false", "1 1 true", "2 8 true"), measured);
  }

  @Test
  void aRecipeThatSaysOneOfThemHasIt() {
    assertEquals(new PassPlan(1, false), PassPlan.remembered(THREADS, MOST, 23, this::measure));
    assertEquals(new PassPlan(8, true), PassPlan.checkpointed(THREADS, MOST, 1000, this::measure));
  }

  @Test
  void aBatchOfOneRowForEachThreadHasPassesOfOneRow() {
    assertEquals(new PassPlan(1, false), PassPlan.largest(THREADS, 1, 1000, this::measure));
    assertEquals(List.of("1 1 false"), measured);
  }
}
