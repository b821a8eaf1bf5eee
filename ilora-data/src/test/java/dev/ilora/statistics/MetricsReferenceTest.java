package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.testing.ReferenceFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ranks and metrics against a script that computes them from their definitions. */
class MetricsReferenceTest {
  private static final JsonNode STORED =
      JsonMapper.shared().readTree(ReferenceFiles.of("metrics/rows.json"));

  /** The stored rows, as if they were later rows of a file: equal scores fall in another order. */
  private static List<Outcome> rows(int later) {
    List<Outcome> rows = new ArrayList<>();
    for (JsonNode row : STORED.get("rows")) {
      int index = row.get("row").asInt() + later;
      int[] candidates = stream(row.get("candidates")).mapToInt(JsonNode::asInt).toArray();
      double[] scores = stream(row.get("scores")).mapToDouble(JsonNode::asDouble).toArray();
      int target = row.get("target").asInt();
      rows.add(Outcome.scored(index, "u" + index, target, candidates, scores));
    }
    return rows;
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Map<String, Double> stored(String name) {
    return STORED.get(name).properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asDouble()));
  }

  @Test
  void everyRankIsTheStoredOneAmongEqualScoresToo() {
    List<Integer> expected = stream(STORED.get("rows")).map(r -> r.get("rank").asInt()).toList();
    assertEquals(expected, rows(0).stream().map(Outcome::rank).toList());
  }

  @Test
  void everyMetricIsTheStoredOne() {
    Map<String, Double> expected = stored("metrics");
    Map<String, Double> given = Metrics.of(rows(0)).byKey();
    assertTrue(given.keySet().containsAll(expected.keySet()), given::toString);
    expected.forEach((name, value) -> assertEquals(value, given.get(name), 1e-12, name));
  }

  @Test
  void equalScoresFavourNobodyInTheMean() {
    List<Outcome> many = new ArrayList<>();
    for (int later = 0; later < 400 * 60; later += 60) {
      many.addAll(rows(later));
    }
    Map<String, Double> given = Metrics.of(many).byKey();
    Map<String, Double> expected = stored("over_ties");
    expected.forEach((name, value) -> assertEquals(value, given.get(name), 0.01, name));
    assertTrue(Math.abs(expected.get("hr@1") - stored("metrics").get("hr@1")) > 0.01);
  }
}
