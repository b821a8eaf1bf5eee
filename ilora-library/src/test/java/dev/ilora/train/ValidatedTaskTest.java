package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.nn.Adam;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The weights that ranked the validation rows best are those that stay. */
class ValidatedTaskTest {
  private Scope scope;
  private Counting counting;

  /** One weight that falls at every step, and a buffer that counts the steps. */
  private static final class Counting implements Task {
    private final Tensor weight = Tensor.zeros(DType.F32, Device.CPU, 1).requiresGrad(true);
    private final Tensor steps = Tensor.zeros(DType.F32, Device.CPU, 1);

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public List<Adam.Group> groups() {
      return List.of(new Adam.Group("all", Map.of("weight", weight), 1, 0));
    }

    @Override
    public Map<String, Tensor> buffers() {
      return Map.of("steps", steps);
    }

    @Override
    public StepLoss accumulate(long step) {
      weight.sum().backward();
      steps.fillInPlace(step + 1.0);
      return new StepLoss(1, 1);
    }
  }

  @BeforeEach
  void open() {
    scope = Scope.open();
    counting = new Counting();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Metrics of one case whose target stands at a rank from 1. */
  private static Metrics rank(int rank) {
    int[] items = IntStream.range(0, 10).toArray();
    double[] scores = IntStream.range(0, 10).mapToDouble(item -> -item).toArray();
    return Metrics.of(List.of(Outcome.scored(0, "u", rank - 1, items, scores)));
  }

  private ValidatedTask validated(int steps, int count, Integer... ranks) {
    Iterator<Integer> next = List.of(ranks).iterator();
    return new ValidatedTask(counting, steps, count, () -> rank(next.next()));
  }

  @Test
  void theWeightsAndBuffersOfTheBestMeasurementAreGivenBack() {
    List<Float> weights = new ArrayList<>();
    try (ValidatedTask task = validated(6, 3, 5, 2, 9)) {
      new Steps(6, null, "f")
          .run(Steps.after(task, () -> weights.add(counting.weight.detach().toFloats()[0])));
      assertEquals(4, task.best().step());
      assertEquals(0.5, task.best().reciprocalRank());
      assertEquals(0, task.best().hitRate());
      task.restoreBest();
    }
    assertArrayEquals(new float[] {weights.get(3)}, counting.weight.detach().toFloats());
    assertTrue(weights.get(3) > weights.get(5));
    assertArrayEquals(new float[] {4}, counting.steps.toFloats());
    assertTrue(counting.weight.requiresGrad());
  }

  @Test
  void theFirstOfSeveralEqualMeasurementsIsTheBest() {
    try (ValidatedTask task = validated(4, 2, 3, 3)) {
      new Steps(4, null, "f").run(task);
      assertEquals(2, task.best().step());
    }
  }

  @Test
  void measurementsAreEvenlySpreadAndOneIsAtTheLastStep() {
    try (ValidatedTask task = validated(7, 3, 4, 3, 2)) {
      List<Long> measured = new ArrayList<>();
      new Steps(7, null, "f").run(task);
      for (long step = 0; step <= 8; step++) {
        if (!task.valuesAt(step).isEmpty()) {
          measured.add(step);
        }
      }
      assertEquals(List.of(2L, 5L, 7L), measured);
      assertEquals(
          Map.of(
              TrainingPoint.VALIDATION_HIT_RATE,
              0.0,
              TrainingPoint.VALIDATION_RECIPROCAL_RANK,
              0.5),
          task.valuesAt(7));
    }
  }

  @Test
  void aTrainingOfFewStepsIsMeasuredAtEach() {
    try (ValidatedTask task = validated(2, 5, 4, 1)) {
      new Steps(2, null, "f").run(task);
      assertEquals(2, task.best().step());
      assertEquals(1, task.best().hitRate());
    }
  }

  @Test
  void progressTellsTheBestSoFar() {
    try (ValidatedTask task = validated(2, 2, 2, 4)) {
      Steps steps = new Steps(2, null, "f");
      steps.run(task);
      assertTrue(
          task.detail(steps.reports.getLast(), 1).endsWith(", best validation MRR 0.500 (step 1)"));
    }
  }
}
