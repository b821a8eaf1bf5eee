package dev.ilora.recommender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stored weights give the stored scores, embeddings and metrics: tiny ones of an independent
 * implementation, and released ones.
 */
class ItemScorerReferenceTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir private Path folder;

  /** Test rows as the released models read them. */
  private record Stored(
      List<int[]> histories, int[] targets, List<int[]> candidates, Map<String, float[]> expected) {
    static Stored read(Path file) {
      try (SafeTensors stored = SafeTensors.open(file)) {
        long[] lengths = stored.load("lengths").toLongs();
        List<int[]> sequences = rows(stored, "sequences");
        List<int[]> histories =
            IntStream.range(0, lengths.length)
                .mapToObj(row -> Arrays.copyOf(sequences.get(row), (int) lengths[row]))
                .toList();
        Map<String, float[]> expected = new java.util.HashMap<>();
        for (String name : List.of("logits", "sequence_embedding")) {
          if (stored.names().contains(name)) {
            expected.put(name, stored.load(name).toFloats());
          }
        }
        int[] targets = stored.load("targets").toInts();
        return new Stored(histories, targets, rows(stored, "candidates"), expected);
      }
    }

    private static List<int[]> rows(SafeTensors stored, String name) {
      int columns = (int) stored.shape(name)[1];
      int[] flat = stored.load(name).toInts();
      return IntStream.range(0, flat.length / columns)
          .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
          .toList();
    }
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }

  private static Metrics metrics(ItemScorer model, Stored stored, List<int[]> candidates) {
    float[][] scores = model.candidateScores(stored.histories(), candidates);
    List<Outcome> results = new ArrayList<>();
    for (int row = 0; row < scores.length; row++) {
      double[] exact = new double[scores[row].length];
      for (int i = 0; i < exact.length; i++) {
        exact[i] = scores[row][i];
      }
      int target = stored.targets()[row];
      results.add(Outcome.scored(row, "row " + row, target, candidates.get(row), exact));
    }
    return Metrics.of(results);
  }

  private static void assertMetrics(JsonNode expected, Metrics given) {
    Map<String, Double> named = given.byKey();
    expected
        .properties()
        .forEach(
            m -> assertEquals(m.getValue().asDouble(), named.get(m.getKey()), 1e-9, m::getKey));
  }

  @ParameterizedTest
  @CsvSource({"sasrec,SASRec,8", "gru4rec,GRU4Rec,8", "caser,Caser,17"})
  void equalsATinyIndependentModel(String name, String title, int sequenceWidth) {
    assertEqualsStored(ReferenceFiles.of("recommender"), name, title, sequenceWidth);
  }

  @ParameterizedTest
  @CsvSource({
    "movielens,sasrec,SASRec,64", "movielens,gru4rec,GRU4Rec,64",
    "movielens,caser,Caser,112", "lastfm,sasrec_llara,SASRec,64"
  })
  void equalsTheReleasedModel(String data, String name, String title, int sequenceWidth) {
    Path stored = SharedFiles.require("conformance/recommender/" + data);
    assertEqualsStored(stored, name, title, sequenceWidth);
  }

  private void assertEqualsStored(Path files, String name, String title, int sequenceWidth) {
    Stored stored = Stored.read(files.resolve(name + ".expected.safetensors"));
    JsonNode metrics = JsonMapper.shared().readTree(files.resolve(name + ".metrics.json"));
    try (SequenceRecommender model =
        ItemScorer.importWeights(files.resolve(name + ".weights.safetensors"))) {
      assertEquals(title, model.name());
      assertEquals(sequenceWidth, model.sequenceWidth());
      assertEquals(model.itemCount() + 1, model.itemEmbeddings().size(0));
      assertScores(model, stored);
      String few = "candidates_" + stored.candidates().getFirst().length;
      assertMetrics(metrics.get(few), metrics(model, stored, stored.candidates()));
      assertFullRanking(metrics.get("full_catalogue"), model, stored);
      assertSameAfterSaving(model, stored);
    }
  }

  private static void assertScores(SequenceRecommender model, Stored stored) {
    float[] logits = stored.expected().get("logits");
    int rows = logits.length / model.itemCount();
    assertArrayEquals(logits, flat(model.scores(stored.histories().subList(0, rows))), TOLERANCE);
    if (stored.expected().containsKey("sequence_embedding")) {
      assertArrayEquals(
          stored.expected().get("sequence_embedding"),
          flat(model.sequenceEmbeddings(stored.histories())),
          TOLERANCE);
    }
  }

  private static void assertFullRanking(
      JsonNode expected, SequenceRecommender model, Stored stored) {
    int[] all = IntStream.range(0, model.itemCount()).toArray();
    List<int[]> catalogue = stored.histories().stream().map(_ -> all).toList();
    assertMetrics(expected, metrics(model, stored, catalogue));
    assertEquals(
        expected.get("mrr").asDouble(),
        Arrays.stream(model.fullRanks(stored.histories(), stored.targets()))
            .mapToDouble(rank -> 1.0 / rank)
            .average()
            .orElseThrow(),
        1e-9);
  }

  private void assertSameAfterSaving(SequenceRecommender model, Stored stored) {
    model.save(folder, Map.of("source", "released"));
    try (ItemScorer loaded = ItemScorer.load(folder)) {
      assertEquals(model.name(), loaded.name());
      assertArrayEquals(model.scores(stored.histories()), loaded.scores(stored.histories()));
    }
  }
}
