package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Case;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdaptationTaskTest {
  private static final int ROWS = 24;
  private static final List<Case> DATA = ResumeTest.rows(ROWS);
  private static final Map<String, BitSet> SEEN = ResumeTest.seen(DATA);

  @TempDir Path folder;
  private Tokenizer tokenizer;
  private Scope scope;
  private PromptModel model;

  @BeforeEach
  void open() throws IOException {
    tokenizer = TinyModels.tokenizer(folder);
    scope = Scope.open();
    model = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT));
  }

  @AfterEach
  void close() {
    scope.close();
    tokenizer.close();
  }

  private AdaptationTask task(int batch, int microBatch, int candidates, boolean curriculum) {
    return new AdaptationTask(
        "training",
        model,
        DATA,
        SEEN,
        Steps.settings(200, batch, microBatch, curriculum),
        candidates,
        5);
  }

  private static List<String> users(AdaptationTask task, long fromStep, long toStep) {
    List<String> users = new ArrayList<>();
    for (long step = fromStep; step < toStep; step++) {
      task.examples(step).forEach(example -> users.add(example.asked().user()));
    }
    return users;
  }

  @Test
  void anEpochVisitsEveryRowOnceInAnOrderOfItsOwn() {
    AdaptationTask task = task(4, 4, 5, false);
    List<String> first = users(task, 0, 6);
    List<String> second = users(task, 6, 12);
    assertEquals(ROWS, new TreeSet<>(first).size());
    assertEquals(new TreeSet<>(first), new TreeSet<>(second));
    assertNotEquals(first, second);
  }

  /** Rows that fill no batch are another set each epoch. */
  @Test
  void noRowIsVisitedTwiceInAnEpoch() {
    AdaptationTask task = task(5, 5, 5, false);
    TreeSet<String> all = new TreeSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      List<String> users = users(task, epoch * 4L, epoch * 4L + 4);
      assertEquals(20, new TreeSet<>(users).size());
      all.addAll(users);
    }
    assertEquals(ROWS, all.size());
  }

  @Test
  void aStepsExamplesDependOnSeedAndStepAlone() {
    AdaptationTask straight = task(4, 4, 5, true);
    List<List<Example>> visited = new ArrayList<>();
    for (long step = 0; step < 13; step++) {
      visited.add(straight.examples(step));
    }
    AdaptationTask jumping = task(4, 4, 5, true);
    for (int step : new int[] {12, 0, 7, 6, 1}) {
      List<Example> again = jumping.examples(step);
      for (int i = 0; i < again.size(); i++) {
        Example expected = visited.get(step).get(i);
        assertEquals(expected.asked().user(), again.get(i).asked().user());
        assertArrayEquals(expected.asked().candidates(), again.get(i).asked().candidates());
        assertEquals(expected.textOnly(), again.get(i).textOnly());
      }
    }
  }

  @Test
  void candidatesAreDistinctUnseenAndHoldTheTargetAnywhere() {
    AdaptationTask task = task(4, 4, 5, false);
    int[] places = new int[5];
    for (long step = 0; step < 200; step++) {
      for (Example example : task.examples(step)) {
        int[] candidates = example.asked().candidates();
        assertEquals(5, Arrays.stream(candidates).distinct().count());
        int place = -1;
        for (int i = 0; i < candidates.length; i++) {
          if (candidates[i] == example.asked().target()) {
            place = i;
          } else {
            assertFalse(SEEN.get(example.asked().user()).get(candidates[i]));
          }
        }
        places[place]++;
      }
    }
    for (int place : places) {
      assertEquals(160, place, 50, Arrays.toString(places));
    }
  }

  @Test
  void refusesMoreCandidatesThanThereAreUnseenItems() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> task(4, 4, 16, false)).getMessage();
    assertTrue(
        message.matches("user u\\d+ has seen all but \\d+ of 16 items: too few for 16 candidates"),
        message);
    assertEquals(
        "24 training rows do not fill a batch of 25",
        assertThrows(IllegalArgumentException.class, () -> task(25, 5, 5, false)).getMessage());
  }

  @Test
  void theCurriculumGoesFromTextToHybrid() {
    AdaptationTask task = task(4, 4, 5, true);
    int[] hybrid = new int[4];
    for (int step = 0; step < 200; step++) {
      for (Example example : task.examples(step)) {
        hybrid[step / 50] += example.textOnly() ? 0 : 1;
      }
    }
    // Of 200 rows a quarter, shares of 1/8, 3/8, 5/8 and 7/8.
    for (int quarter = 0; quarter < 4; quarter++) {
      assertEquals(25 + 50 * quarter, hybrid[quarter], 25, Arrays.toString(hybrid));
    }
    assertTrue(task(4, 4, 5, false).examples(0).stream().noneMatch(Example::textOnly));
  }

  /** Gradients of a step are summed over its passes: how it is cut makes no difference. */
  @Test
  void microBatchesAndThreadsDoNotChangeTheGradient() {
    List<float[]> expected = gradients(1, 6);
    for (int threads : new int[] {1, 2, 3}) {
      for (int microBatch : new int[] {6, 4, 1}) {
        List<float[]> given = gradients(threads, microBatch);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i), given.get(i), 1e-5f);
        }
      }
    }
  }

  /** The loss and all gradients of a step. */
  private List<float[]> gradients(int threads, int microBatch) {
    int before = Torch.threads();
    Torch.threads(threads);
    try {
      model.parameters().values().forEach(Tensor::clearGrad);
      List<float[]> values = new ArrayList<>();
      values.add(new float[] {(float) task(6, microBatch, 5, false).accumulate(3).loss()});
      for (Tensor parameter : model.parameters().values()) {
        Tensor gradient = parameter.grad();
        values.add(gradient == null ? new float[0] : gradient.toFloats());
      }
      return values;
    } finally {
      Torch.threads(before);
    }
  }

  /** Every weight of every form is trained, and the loss falls. */
  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#doras")
  void doraLearns(TinyModels.Kind kind) {
    model = TinyModels.fresh(tokenizer, kind);
    List<float[]> before = TinyModels.weights(model);
    Steps steps = new Steps(new TrainerConfig(60, 0.02, 0.1, 0.01, 1, 60), null, "f");
    steps.run(task(6, 6, 5, false));
    List<Double> losses = steps.reports.stream().map(Trainer.Step::loss).toList();
    assertTrue(losses.getLast() < 0.7 * losses.getFirst(), losses::toString);
    List<float[]> after = TinyModels.weights(model);
    for (int i = 0; i < before.size(); i++) {
      assertFalse(Arrays.equals(before.get(i), after.get(i)), "weight " + i);
    }
  }

  /** Little: the language model is frozen, and its weights were drawn by lot. */
  @Test
  void virtualTokensLearn() {
    model = TinyModels.withVirtualTokens(tokenizer, ItemEmbeddings.SLOT);
    assertLearnsBeforePrompts();
  }

  @Test
  void aPrefixLearns() {
    model = TinyModels.withPrefix(tokenizer, ItemEmbeddings.SLOT);
    assertLearnsBeforePrompts();
  }

  private void assertLearnsBeforePrompts() {
    AdaptationTask task = task(6, 6, 5, false);
    List<float[]> before = TinyModels.weights(model);
    double first = lossOfAnEpoch(task);
    new Steps(new TrainerConfig(60, 0.05, 0.1, 0.01, 1, 60), null, "f").run(task);
    double last = lossOfAnEpoch(task);
    assertTrue(last < first - 0.03, first + ", then " + last);
    List<float[]> after = TinyModels.weights(model);
    for (int i = 0; i < before.size(); i++) {
      assertFalse(Arrays.equals(before.get(i), after.get(i)), "weight " + i);
    }
  }

  /** The mean loss of an answer's token in the examples of the first steps. */
  private double lossOfAnEpoch(AdaptationTask task) {
    double sum = 0;
    long tokens = 0;
    for (long step = 0; step < 4; step++) {
      PromptModel.Loss loss = model.loss(task.examples(step));
      sum += loss.sum().item();
      tokens += loss.answerTokens();
    }
    return sum / tokens;
  }

  /** Titles cut to the context are shorter answers: the mean is over the tokens there are. */
  @Test
  void theLossIsTheMeanOverTheAnswersTokensWhereTitlesAreCut() {
    model = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT), 70);
    AdaptationTask task = task(6, 2, 5, true);
    for (long step : new long[] {3, 100, 199}) {
      PromptModel.Loss whole = model.loss(task.examples(step));
      assertEquals(whole.sum().item() / whole.answerTokens(), task.accumulate(step).loss(), 1e-5);
    }
    assertTrue(task.examples(199).stream().anyMatch(this::answerIsCut));
  }

  private boolean answerIsCut(Example example) {
    int[] shown = model.encoder().answer(example.asked().target(), model.prompt(example.asked()));
    return shown.length < model.encoder().answer(example.asked().target()).length;
  }
}
