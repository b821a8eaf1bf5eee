package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.data.Case;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecommenderTrainingTest {
  static final int ITEMS = 40;

  @TempDir private Path folder;

  /** Users who always choose the item after their last one, in a circle. */
  static List<Case> circle(int count, long seed) {
    Random random = new Random(seed);
    List<Case> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] history = random.ints(1 + random.nextInt(4), 0, ITEMS).toArray();
      rows.add(new Case(i, "u" + i, history, (history[history.length - 1] + 1) % ITEMS));
    }
    return rows;
  }

  private static RecommenderConfig config(Architecture.Model model, int epochs) {
    return config(model, epochs, 7);
  }

  private static RecommenderConfig config(Architecture.Model model, int epochs, long seed) {
    return new RecommenderConfig(model, 16, 4, epochs, 64, 1e-2, 0.05, 0.1, 0, 0.1, 3, seed);
  }

  private static RecommenderTraining.Result train(RecommenderConfig config) {
    return train(config, circle(2000, 1), circle(200, 2));
  }

  private static RecommenderTraining.Result train(
      RecommenderConfig config, List<Case> rows, List<Case> valid) {
    return new RecommenderTraining("training", config, ITEMS, rows, valid, Device.CPU)
        .run(RunContext.silent(InstantSource.system()));
  }

  @ParameterizedTest
  @EnumSource
  void learnsARule(Architecture.Model model) {
    var result = train(config(model, 12));
    try (SequenceRecommender trained = result.model()) {
      double best = result.best().validationHitRate();
      assertTrue(best > 0.9, () -> result.epochs().toString());
      assertEquals(best, new Validation(circle(200, 2), circle(2000, 1)).hitRate(trained), 1e-12);
      assertTrue(trained.weights().values().stream().noneMatch(w -> w.requiresGrad()));
    }
  }

  @Test
  void theSameSeedGivesTheSameWeightsWhateverRanBefore() {
    var config = config(Architecture.Model.SASREC, 2);
    try (var first = train(config).model()) {
      Torch.seed(99);
      try (var second = train(config).model();
          var other = train(config(Architecture.Model.SASREC, 2, 8)).model()) {
        List<int[]> histories = List.of(new int[] {1, 2});
        assertArrayEquals(first.scores(histories), second.scores(histories));
        assertTrue(first.scores(histories)[0][0] != other.scores(histories)[0][0]);
      }
    }
  }

  /** Batches of more rows than a micro-batch, the last of them smaller than one. */
  @ParameterizedTest
  @EnumSource
  void twoThreadsThatShareABatchOfTwoPartsGiveTheWeightsOfOne(Architecture.Model model) {
    var config = new RecommenderConfig(model, 8, 4, 2, 400, 1e-2, 0, 1, 1e-6, 0.4, 3, 7);
    int before = Torch.threads();
    try {
      Torch.threads(1);
      List<float[]> alone = weights(config);
      Torch.threads(2);
      List<float[]> together = weights(config);
      for (int i = 0; i < alone.size(); i++) {
        assertArrayEquals(alone.get(i), together.get(i));
      }
    } finally {
      Torch.threads(before);
    }
  }

  private static List<float[]> weights(RecommenderConfig config) {
    try (var trained = train(config, circle(900, 1), circle(9, 2)).model()) {
      return trained.weights().values().stream().map(Tensor::toFloats).toList();
    }
  }

  @Test
  void theLossIsTheMeanOverABatchHoweverItIsCut() {
    var config =
        new RecommenderConfig(Architecture.Model.SASREC, 8, 4, 1, 900, 1e-3, 0, 1, 0, 0, 3, 7);
    var result = train(config, circle(900, 1), circle(9, 2));
    result.model().close();
    try (var untrained =
            SequenceRecommender.create(config.architecture(ITEMS), config.seed(), Device.CPU);
        var _ = Scope.open()) {
      var all = untrained.batch(circle(900, 1).stream().map(Case::history).toList());
      int[] targets = circle(900, 1).stream().mapToInt(Case::target).toArray();
      double loss =
          Layers.crossEntropy(untrained.logits(all), Tensor.ofInts(targets, targets.length)).item();
      assertEquals(loss, result.epochs().getFirst().loss(), 1e-5);
    }
  }

  @Test
  void stopsWhenNothingImproves() {
    var result = train(IDLE);
    result.model().close();
    assertEquals(1, result.bestEpoch());
    assertEquals(3, result.epochs().size());
  }

  @Test
  void remarksSayWhatIsWrongWithATraining() {
    var learned = train(config(Architecture.Model.SASREC, 2));
    learned.model().close();
    assertEquals(
        List.of("The last validation, after epoch 2, was the best: more epochs may help."),
        learned.remarks());
    var idle = train(IDLE);
    idle.model().close();
    assertTrue(
        idle.remarks().getFirst().startsWith("Validation stays near chance: HR@1 is 0.0"),
        idle.remarks()::toString);
  }

  @Test
  void refusesRowsItCannotLearn() {
    var config = config(Architecture.Model.CASER, 1);
    List<Case> none = List.of(new Case(0, "u", new int[0], 1));
    assertMessage("no training row has a history", () -> train(config, none, circle(5, 1)));
    assertMessage("no validation row has a history", () -> train(config, circle(5, 1), none));
    assertMessage(
        "row 3: item 40 is outside 0..39",
        () -> train(config, List.of(new Case(3, "u", new int[] {1}, 40)), circle(5, 1)));
    assertMessage(
        "batch size: expected 1 to 65536, got 0",
        () -> new RecommenderConfig(Architecture.Model.SASREC, 4, 4, 1, 0, 1e-3, 0, 1, 0, 0, 1, 1));
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  @Test
  void stopsWhenTheLossIsNotANumber() {
    var wild = new RecommenderConfig(Architecture.Model.CASER, 4, 4, 5, 64, 1e30, 0, 1, 0, 0, 2, 7);
    var thrown = assertThrows(TrainingDivergedException.class, () -> train(wild));
    assertTrue(
        thrown.getMessage().startsWith("training diverged at step ")
            && thrown
                .getMessage()
                .endsWith(". Try a lower learning rate (now 1.0E30) or more warm-up."),
        thrown.getMessage());
  }

  /** What a killed process leaves: nothing after its last checkpoint. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A training into a folder of which five steps are an epoch, on a clock of 30 s a step. */
  private static final class Attempt implements Progress {
    final List<Long> steps = new ArrayList<>();
    final List<Long> totals = new ArrayList<>();
    final List<String> details = new ArrayList<>();
    private final Interruption interruption = Interruption.never();
    private final RecommenderConfig config;
    private Instant now = Instant.EPOCH;
    private long stopAt;
    private long dieAt;

    Attempt(RecommenderConfig config) {
      this.config = config;
    }

    Attempt stoppedAt(long step) {
      stopAt = step;
      return this;
    }

    Attempt killedAt(long step) {
      dieAt = step;
      return this;
    }

    @Override
    public void update(String what, long done, long total, String detail) {
      steps.add(done);
      totals.add(total);
      details.add(detail);
      now = now.plusSeconds(30);
      if (done == stopAt) {
        interruption.request();
      }
      if (done == dieAt) {
        throw new Killed();
      }
    }

    RecommenderTraining.Result run(Path into, Map<String, ?> provenance) {
      return new RecommenderTraining(
              "training", config, ITEMS, circle(300, 1), circle(100, 2), Device.CPU)
          .run(new RunContext(this, interruption, () -> now), into, "f", provenance);
    }

    RecommenderTraining.Result run(Path into) {
      return run(into, Map.of());
    }

    void isStopped(Path into) {
      assertThrows(InterruptedRunException.class, () -> run(into));
    }
  }

  private static List<float[]> closed(RecommenderTraining.Result result) {
    try (var model = result.model()) {
      return model.weights().values().stream().map(Tensor::toFloats).toList();
    }
  }

  private static List<RecommenderTraining.Epoch> untimed(RecommenderTraining.Result result) {
    return result.epochs().stream()
        .map(
            e ->
                new RecommenderTraining.Epoch(
                    e.epoch(), e.loss(), e.learningRate(), e.validationHitRate(), 0))
        .toList();
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  /** Stopped after the first step, in the middle of an epoch, at the end of one; then killed. */
  @ParameterizedTest
  @EnumSource
  void aTrainingInPiecesEndsAsOneInOneGo(Architecture.Model model) throws IOException {
    var config = new RecommenderConfig(model, 16, 4, 4, 64, 1e-2, 0.05, 0.1, 1e-6, 0.3, 3, 7);
    Path whole = folder.resolve("whole");
    Path pieces = folder.resolve("pieces");
    var expected = new Attempt(config).run(whole);
    for (long stop : List.of(1L, 3L, 10L, 12L)) {
      new Attempt(config).stoppedAt(stop).isStopped(pieces);
    }
    assertFalse(Files.exists(pieces.resolve("recommender.json")));
    assertEquals(2, Files.readAllLines(pieces.resolve("curve.jsonl")).size());
    assertThrows(Killed.class, () -> new Attempt(config).killedAt(18).run(pieces));
    Attempt last = new Attempt(config);
    var result = last.run(pieces);
    assertEquals(List.of(17L, 18L, 19L, 20L), last.steps);
    assertEquals(untimed(expected), untimed(result));
    assertEquals(expected.bestEpoch(), result.bestEpoch());
    assertSame(closed(expected), closed(result));
    for (String file : List.of("recommender.safetensors", "curve.jsonl")) {
      assertEquals(-1, Files.mismatch(whole.resolve(file), pieces.resolve(file)), file);
    }
    assertFalse(Files.exists(folder.resolve("pieces-checkpoints")));
  }

  /** Killed after its recommender was saved, or when some of the checkpoints were deleted. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void checkpointsOfAFinishedTrainingAreClearedAndThoseOfAnotherStay(long left) throws IOException {
    Path into = folder.resolve("a");
    Path checkpoints = folder.resolve("a-checkpoints");
    var config = config(Architecture.Model.SASREC, 3);
    assertThrows(Killed.class, () -> new Attempt(config).killedAt(12).run(into));
    RecommenderTraining.clear(into);
    assertTrue(Files.exists(checkpoints), "not finished");
    Path kept = folder.resolve("kept");
    Files.move(checkpoints, kept);
    new Attempt(config).run(into).model().close();
    Files.createDirectory(checkpoints);
    try (var files = Files.list(kept)) {
      for (Path file : files.sorted().limit(left).toList()) {
        Files.copy(file, checkpoints.resolve(file.getFileName()));
      }
    }
    RecommenderTraining.clear(into);
    assertFalse(Files.exists(checkpoints), "finished");
    Files.move(kept, checkpoints);
    Path description = into.resolve("recommender.json");
    String other = Files.readString(description).replace("\"f\"", "\"g\"");
    Files.writeString(description, other);
    RecommenderTraining.clear(into);
    assertTrue(Files.exists(checkpoints), "another training's");
  }

  @Test
  void theCurveHoldsAPointForEachEpoch() {
    var config = config(Architecture.Model.SASREC, 3);
    var result = new Attempt(config).run(folder);
    result.model().close();
    List<TrainingPoint> points = new TrainingCurve(folder.resolve("curve.jsonl")).read();
    assertEquals(List.of(5L, 10L, 15L), points.stream().map(TrainingPoint::step).toList());
    var second = result.epochs().get(1);
    assertEquals(
        Map.of(
            "epoch",
            2.0,
            "loss",
            second.loss(),
            "learningRate",
            second.learningRate(),
            "validationHitRate",
            second.validationHitRate()),
        points.get(1).values());
  }

  /** At this rate nothing changes: the first of three epochs stays the best. */
  private static final RecommenderConfig IDLE =
      new RecommenderConfig(Architecture.Model.GRU4REC, 4, 4, 9, 64, 1e-30, 0, 1, 0, 0, 2, 7);

  @Test
  void patienceCountsTheEpochsBeforeAnInterruption() {
    new Attempt(IDLE).stoppedAt(13).isStopped(folder.resolve("idle"));
    Attempt rest = new Attempt(IDLE);
    var result = rest.run(folder.resolve("idle"));
    result.model().close();
    assertEquals(1, result.bestEpoch());
    assertEquals(3, result.epochs().size());
    assertEquals(List.of(14L, 15L), rest.steps, "progress shows the steps that were taken");
    assertEquals(List.of(45L, 15L), rest.totals, "progress ends where training does");
    assertTrue(rest.details.getLast().startsWith("epoch 3 of 9, loss "), rest.details::toString);
    assertTrue(
        rest.details.getLast().endsWith(" (epoch 1), stopped: no better validation in 2 epochs"),
        rest.details::toString);
    assertFalse(rest.details.getFirst().contains("stopped"), rest.details::toString);
  }

  @Test
  void aTrainingThatEndedAndWasNotSavedIsNotGoneOnWith() {
    Path into = folder.resolve("unsaved");
    Object refusesToBeWritten =
        new Object() {
          @SuppressWarnings({"unused", "EffectivelyPrivate"}) // read by the writer of JSON
          public String getName() {
            throw new Killed();
          }
        };
    assertThrows(
        RuntimeException.class,
        () -> new Attempt(IDLE).run(into, Map.of("note", refusesToBeWritten)));
    Attempt again = new Attempt(IDLE);
    var result = again.run(into);
    result.model().close();
    assertEquals(List.of(), again.steps);
    assertEquals(3, result.epochs().size());
    assertTrue(Files.exists(into.resolve("recommender.json")));
  }

  @Test
  void checkpointsOfOtherRowsAreRefused() {
    new Attempt(IDLE).stoppedAt(3).isStopped(folder.resolve("other"));
    var training =
        new RecommenderTraining("training", IDLE, ITEMS, circle(9, 1), circle(9, 2), Device.CPU);
    var context = RunContext.silent(InstantSource.system());
    assertEquals(
        folder.resolve("other-checkpoints").resolve("step-00000003.safetensors")
            + ": checkpoint of another training: its fingerprint is f, that of this one g;"
            + " use another folder, or delete "
            + folder.resolve("other-checkpoints"),
        assertThrows(
                BadInputException.class,
                () -> training.run(context, folder.resolve("other"), "g", Map.of()))
            .getMessage());
  }
}
