package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Case;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecommenderTrainingTest {
  private static final int ITEMS = 40;

  /** Users who always choose the item after their last one, in a circle. */
  private static List<Case> circle(int count, long seed) {
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
    return RecommenderTraining.train(
        config, ITEMS, circle(2000, 1), circle(200, 2), Device.CPU, epoch -> {});
  }

  @ParameterizedTest
  @EnumSource
  void learnsARule(Architecture.Model model) {
    List<RecommenderTraining.Epoch> told = new ArrayList<>();
    var result =
        RecommenderTraining.train(
            config(model, 12), ITEMS, circle(2000, 1), circle(200, 2), Device.CPU, told::add);
    try (SequenceRecommender trained = result.model()) {
      assertEquals(told, result.epochs());
      double best = told.get(result.bestEpoch() - 1).validationHitRate();
      assertTrue(best > 0.9, () -> told.toString());
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
  void threadsThatShareABatchGiveTheWeightsOfOneThread(Architecture.Model model) {
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
    try (var trained =
        RecommenderTraining.train(config, ITEMS, circle(900, 1), circle(9, 2), Device.CPU, e -> {})
            .model()) {
      return trained.weights().values().stream().map(Tensor::toFloats).toList();
    }
  }

  @Test
  void theLossIsTheMeanOverABatchHoweverItIsCut() {
    var config =
        new RecommenderConfig(Architecture.Model.SASREC, 8, 4, 1, 900, 1e-3, 0, 1, 0, 0, 3, 7);
    var result =
        RecommenderTraining.train(config, ITEMS, circle(900, 1), circle(9, 2), Device.CPU, e -> {});
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
    // At this rate nothing changes: the first epoch stays the best.
    var idle =
        new RecommenderConfig(Architecture.Model.GRU4REC, 4, 4, 9, 512, 1e-30, 0, 1, 0, 0, 2, 7);
    var result = train(idle);
    result.model().close();
    assertEquals(1, result.bestEpoch());
    assertEquals(3, result.epochs().size());
  }

  @Test
  void refusesRowsItCannotLearn() {
    var config = config(Architecture.Model.CASER, 1);
    List<Case> none = List.of(new Case(0, "u", new int[0], 1));
    assertMessage(
        "no training row has a history",
        () -> RecommenderTraining.train(config, ITEMS, none, circle(5, 1), Device.CPU, e -> {}));
    assertMessage(
        "no validation row has a history",
        () -> RecommenderTraining.train(config, ITEMS, circle(5, 1), none, Device.CPU, e -> {}));
    assertMessage(
        "row 3: item 40 is outside 0..39",
        () ->
            RecommenderTraining.train(
                config,
                ITEMS,
                List.of(new Case(3, "u", new int[] {1}, 40)),
                circle(5, 1),
                Device.CPU,
                e -> {}));
    assertMessage(
        "batch size 0 is below 1",
        () -> new RecommenderConfig(Architecture.Model.SASREC, 4, 4, 1, 0, 1e-3, 0, 1, 0, 0, 1, 1));
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  @Test
  void stopsWhenTheLossIsNotANumber() {
    var wild = new RecommenderConfig(Architecture.Model.CASER, 4, 4, 5, 64, 1e30, 0, 1, 0, 0, 2, 7);
    var thrown = assertThrows(IllegalStateException.class, () -> train(wild));
    assertTrue(
        thrown.getMessage().startsWith("Caser training diverged at step ")
            && thrown.getMessage().endsWith("; try a lower learning rate than 1.0E30"),
        thrown.getMessage());
  }
}
