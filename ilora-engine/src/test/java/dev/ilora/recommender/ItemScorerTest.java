package dev.ilora.recommender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ItemScorerTest {
  @TempDir private Path folder;

  private static SequenceRecommender model(Architecture.Model model) {
    boolean caser = model == Architecture.Model.CASER;
    var architecture =
        new Architecture(model, 7, 4, 5, caser ? 3 : 0, caser ? List.of(1, 2, 5) : List.of());
    return SequenceRecommender.create(architecture, 3, Device.CPU);
  }

  @ParameterizedTest
  @EnumSource
  void scoresAHistoryTheSameAloneAndAmongOthers(Architecture.Model kind) {
    List<int[]> histories =
        List.of(new int[] {2}, new int[] {6, 1, 0}, new int[] {5, 4, 3, 2, 1, 0, 6}, new int[] {3});
    try (SequenceRecommender model = model(kind)) {
      float[][] together = model.scores(histories);
      for (int row = 0; row < together.length; row++) {
        assertArrayEquals(model.scores(histories.subList(row, row + 1))[0], together[row], 1e-5f);
      }
      assertArrayEquals(
          model.scores(List.of(new int[] {3, 2, 1, 0, 6}))[0],
          together[2],
          1e-5f,
          "the latest items count");
      assertEquals(model.sequenceWidth(), model.sequenceEmbeddings(histories)[0].length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsReachEveryWeightThatMatters(Architecture.Model kind) {
    try (SequenceRecommender model = model(kind);
        var _ = Scope.open()) {
      SequenceBatch batch = model.batch(List.of(new int[] {1, 2, 3, 4, 5}));
      Layers.crossEntropy(model.logits(batch), Tensor.of(new long[] {6}, 1)).backward();
      model
          .weights()
          .forEach(
              (name, weight) -> {
                // A constant added to all scores of one query leaves its softmax as it was.
                boolean without = name.equals("mh_attn.linear_k.bias");
                assertEquals(without, weight.grad() == null, name);
              });
    }
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    var architecture = Architecture.released(Architecture.Model.CASER, 9);
    try (var a = SequenceRecommender.create(architecture, 1, Device.CPU);
        var b = SequenceRecommender.create(architecture, 1, Device.CPU);
        var c = SequenceRecommender.create(architecture, 2, Device.CPU)) {
      assertArrayEquals(a.itemEmbeddings().toFloats(), b.itemEmbeddings().toFloats());
      assertFalse(
          java.util.Arrays.equals(a.itemEmbeddings().toFloats(), c.itemEmbeddings().toFloats()));
    }
  }

  @Test
  void popularityRanksByCountsWhateverTheHistory() {
    ItemScorer popularity = new Popularity(new int[] {3, 0, 5, 5});
    List<int[]> histories = List.of(new int[] {}, new int[] {2});
    assertArrayEquals(new int[] {2, 3, 0}, popularity.top(histories, 3).get(0));
    assertArrayEquals(new int[] {3, 0, 1}, popularity.top(histories, 9).get(1));
    assertArrayEquals(new int[] {2, 1}, popularity.fullRanks(histories, new int[] {3, 2}));
    assertArrayEquals(
        new float[] {0, 3},
        popularity.candidateScores(histories, List.of(new int[] {1, 0}, new int[] {}))[0]);
    popularity.save(folder, Map.of());
    ItemScorer loaded = ItemScorer.load(folder);
    assertEquals("Popularity", loaded.name());
    assertArrayEquals(popularity.scores(histories), loaded.scores(histories));
  }

  @Test
  void writesItsProvenance() throws IOException {
    try (SequenceRecommender model = model(Architecture.Model.SASREC)) {
      model.save(folder, Map.of("seed", 3));
    }
    String text = Files.readString(folder.resolve("recommender.json"));
    assertTrue(text.contains("\"recommender\" : \"SASRec\""), text);
    assertTrue(text.contains("\"seed\" : 3"), text);
  }

  @Test
  void refusesHistoriesAndCandidatesItDoesNotKnow() {
    try (SequenceRecommender model = model(Architecture.Model.GRU4REC)) {
      List<int[]> good = List.of(new int[] {1});
      assertRefused(
          "history 1 is empty; at least one item is needed",
          () -> model.scores(List.of(new int[] {1}, new int[] {})));
      assertRefused(
          "history 0: item 7 is outside 0..6", () -> model.scores(List.of(new int[] {0, 7})));
      assertRefused(
          "1 histories for 2 candidate lists",
          () -> model.candidateScores(good, List.of(new int[] {1}, new int[] {1})));
      assertRefused(
          "row 0: candidate -1 is outside 0..6",
          () -> model.candidateScores(good, List.of(new int[] {-1})));
      assertRefused("number of items 0 is below 1", () -> model.top(good, 0));
    }
    assertRefused("item 1: count -4 is below 0", () -> new Popularity(new int[] {0, -4}));
    assertRefused(
        "recommender 'bert': expected SASRec, GRU4Rec or Caser",
        () -> Architecture.Model.named("bert"));
    assertRefused(
        "filter size 6 is outside 1..5, the history length",
        () -> new Architecture(Architecture.Model.CASER, 7, 4, 5, 3, List.of(6)));
  }

  private static void assertRefused(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  /** Writes a GRU4Rec file with something changed and reads the refusal. */
  private void assertFileRefused(
      String message,
      Consumer<Map<String, String>> metadata,
      Consumer<Map<String, Tensor>> change) {
    Path file = folder.resolve("recommender.safetensors");
    try (SequenceRecommender model = model(Architecture.Model.GRU4REC)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(model.weights());
      Map<String, String> header = new LinkedHashMap<>(model.architecture().metadata());
      metadata.accept(header);
      change.accept(tensors);
      SafeTensors.write(file, tensors, header);
    }
    var thrown = assertThrows(BadInputException.class, () -> ItemScorer.importWeights(file));
    assertEquals(file + ": " + message, thrown.getMessage());
    assertThrows(BadInputException.class, () -> ItemScorer.load(folder));
  }

  @Test
  void refusesFilesWithoutItsMetadata() {
    assertFileRefused(
        "metadata has no 'model' (expected SASRec, GRU or Caser); it has nothing",
        Map::clear,
        tensors -> {});
    assertFileRefused(
        "metadata has no 'hidden_size' (expected a whole number);"
            + " it has [model, padding_item_id, state_size]",
        header -> header.remove("hidden_size"),
        tensors -> {});
    assertFileRefused(
        "metadata model 'BERT4Rec': expected SASRec, GRU or Caser",
        header -> header.put("model", "BERT4Rec"),
        tensors -> {});
    assertFileRefused(
        "metadata state_size 'ten': expected a whole number",
        header -> header.put("state_size", "ten"),
        tensors -> {});
    assertFileRefused(
        "metadata: history length: expected 1 to 4096, got 0",
        header -> header.put("state_size", "0"),
        tensors -> {});
  }

  @Test
  void refusesWeightsThatDoNotFit() {
    assertFileRefused(
        "not the weights of this GRU4Rec: weight 's_fc.bias' is missing;"
            + " weight 's_fc.offset' is not expected",
        header -> {},
        tensors -> tensors.put("s_fc.offset", tensors.remove("s_fc.bias")));
    assertFileRefused(
        "not the weights of this GRU4Rec: weight 's_fc.bias': expected shape [7], got [8]",
        header -> {},
        tensors -> tensors.put("s_fc.bias", Tensor.zeros(8)));
    assertFileRefused(
        "not the weights of this GRU4Rec: weight 's_fc.bias': expected a floating type, got I64",
        header -> {},
        tensors -> tensors.put("s_fc.bias", Tensor.of(new long[7], 7)));
  }

  @Test
  void refusesAFolderWithoutWeights() {
    Path file = folder.resolve("recommender.safetensors");
    assertEquals(
        file + ": no such file",
        assertThrows(BadInputException.class, () -> ItemScorer.load(folder)).getMessage());
    assertEquals(
        folder + ": is a folder; expected one safetensors file",
        assertThrows(BadInputException.class, () -> ItemScorer.importWeights(folder)).getMessage());
  }
}
