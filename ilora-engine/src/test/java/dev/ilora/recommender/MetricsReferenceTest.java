package dev.ilora.recommender;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stored metrics of released SASRec weights, from stored embeddings and the output layer alone. */
class MetricsReferenceTest {
  @ParameterizedTest
  @ValueSource(strings = {"movielens/sasrec", "lastfm/sasrec_llara"})
  void equalStoredMetrics(String name) throws Exception {
    Path metrics = SharedFiles.require("conformance/recommender/" + name + ".metrics.json");
    Path expected = metrics.resolveSibling(file(name, ".expected.safetensors"));
    Path weights = metrics.resolveSibling(file(name, ".weights.safetensors"));
    JsonNode stored = JsonMapper.builder().build().readTree(Files.readString(metrics));
    try (var _ = Scope.open();
        var vectors = SafeTensors.open(expected);
        var layers = SafeTensors.open(weights)) {
      float[] scores =
          vectors
              .load("sequence_embedding")
              .linear(layers.load("s_fc.weight"), layers.load("s_fc.bias"))
              .toFloats();
      int[] targets = vectors.load("targets").toInts();
      int[] candidates = vectors.load("candidates").toInts();
      int items = scores.length / targets.length;
      int[] all = IntStream.range(0, items).toArray();
      List<Outcome> twenty = new ArrayList<>();
      List<Outcome> full = new ArrayList<>();
      for (int row = 0; row < targets.length; row++) {
        int start = row * items;
        int[] few = java.util.Arrays.copyOfRange(candidates, 20 * row, 20 * row + 20);
        twenty.add(scored(row, targets[row], few, scores, start));
        full.add(scored(row, targets[row], all, scores, start));
      }
      assertStored(stored.get("candidates_20"), Metrics.of(twenty));
      assertStored(stored.get("full_catalogue"), Metrics.of(full));
    }
  }

  private static Outcome scored(int row, int target, int[] candidates, float[] scores, int at) {
    double[] own = IntStream.of(candidates).mapToDouble(c -> scores[at + c]).toArray();
    return Outcome.scored(row, "u" + row, target, candidates, own);
  }

  private static void assertStored(JsonNode stored, Metrics metrics) {
    assertEquals(stored.size(), metrics.byKey().size());
    metrics
        .byKey()
        .forEach((key, value) -> assertEquals(stored.get(key).doubleValue(), value, 1e-9, key));
  }

  private static String file(String name, String ending) {
    return name.substring(name.indexOf('/') + 1) + ending;
  }
}
