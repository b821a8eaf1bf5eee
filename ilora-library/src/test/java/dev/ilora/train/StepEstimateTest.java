package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Guidance;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.machine.PeakMemory;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepEstimateTest {
  private static final StepEstimate STEP =
      new StepEstimate(2, new StepEstimate.Pass(100, 3), new StepEstimate.Pass(140, 5));

  @TempDir private Path folder;

  @Test
  void eachFurtherExampleTakesWhatTheSecondDid() {
    assertEquals(100, STEP.bytes(1));
    assertEquals(140, STEP.bytes(2));
    assertEquals(380, STEP.bytes(8));
  }

  @Test
  void threadsShareABatchInPasses() {
    // Eight examples each: four passes of two, or one of eight.
    assertEquals(4 * 5, STEP.seconds(16, 2), 1e-9);
    assertEquals(3 + 7 * 2, STEP.seconds(16, 8), 1e-9);
    // Three each: a pass of two and one of one.
    assertEquals(5 + 3, STEP.seconds(5, 2), 1e-9);
  }

  @Test
  void theLargestMicroBatchIsTheLastThatFits() {
    assertEquals(8, STEP.largestMicroBatch(8, 380));
    assertEquals(7, STEP.largestMicroBatch(8, 379));
    assertEquals(1, STEP.largestMicroBatch(8, 100));
    assertEquals(0, STEP.largestMicroBatch(8, 99));
  }

  @Test
  void partsOfOneTrainingAreNotInMemoryAtOnce() {
    var estimate = new TrainingEstimate(1000, 10, 20, 300, 200, 5, 60);
    assertEquals(1035, estimate.kept());
    assertEquals(1335, estimate.bytes());
    assertEquals(1435, new TrainingEstimate(1000, 10, 20, 300, 400, 5, 60).bytes());
    assertEquals(1535, estimate.parts().values().stream().mapToLong(Long::longValue).sum());
  }

  /** Running statistics of the residual gate among it. */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "residual"})
  void measuringLeavesTheModelAsItWas(String gate) throws IOException {
    try (Tokenizer tokenizer = TinyModels.tokenizer(folder);
        var _ = Scope.open()) {
      PromptModel model =
          TinyModels.fresh(
              tokenizer,
              new TinyModels.Kind(
                  ItemEmbeddings.SLOT, TinyModels.gate(gate), Guidance.SEQUENCE, 0));
      AdaptationTask task =
          new AdaptationTask(
              "measured",
              model,
              ResumeTest.rows(24),
              ResumeTest.seen(ResumeTest.rows(24)),
              Steps.settings(10, 4, 2, false),
              5,
              1);
      List<float[]> before = TinyModels.weights(model);
      List<Example> examples = task.examples(0);
      Optional<StepEstimate> step = StepEstimate.measure(model, examples, 1, 2, true);
      assertEquals(PeakMemory.begin().isPresent(), step.isPresent());
      step.ifPresent(
          measured -> {
            assertTrue(measured.one().seconds() > 0);
            TrainingEstimate estimate =
                TrainingEstimate.of(
                    model, 1L << 30, measured, Steps.settings(10, 4, 2, false), 7, 0.5);
            assertEquals(model.llama().weightBytes(), estimate.weights());
            assertEquals(5 * measured.seconds(4, 2), estimate.seconds(), 1e-9);
          });
      List<float[]> after = TinyModels.weights(model);
      for (int i = 0; i < before.size(); i++) {
        assertArrayEquals(before.get(i), after.get(i));
      }
      model.parameters().values().forEach(parameter -> assertNull(parameter.grad()));
    }
  }
}
