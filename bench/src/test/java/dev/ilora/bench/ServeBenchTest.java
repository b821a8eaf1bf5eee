package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.Progress;
import dev.ilora.config.ConfigException;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.Choice;
import dev.ilora.recommend.Explanation;
import dev.ilora.recommend.ModelCard;
import dev.ilora.recommend.Ranking;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServeBenchTest {
  private static final Catalogue ITEMS =
      new Catalogue(
          List.of(
              new CatalogueItem("a", "Alien"),
              new CatalogueItem("b", "Brazil"),
              new CatalogueItem("c", "Casablanca")));

  private long now;
  private boolean closed;
  private final List<Integer> asked = new ArrayList<>();

  /** Takes 3 s to load, a second for each call and a hundredth for each request. */
  private Recommender load(double wrong) {
    now += 3_000_000_000L;
    return new Recommender() {
      @Override
      public Catalogue catalogue() {
        return ITEMS;
      }

      @Override
      public ModelCard card() {
        return new ModelCard(
            "Fake",
            "fake",
            1,
            new ModelCard.Limits(2, 0),
            new ModelCard.Data("films", ""),
            Optional.empty(),
            Map.of(),
            "");
      }

      @Override
      public List<Ranking> recommend(List<Request> requests) {
        asked.add(requests.size());
        now += 1_000_000_000L + requests.size() * 10_000_000L;
        double score = requests.size() > 1 ? 1 + wrong : 1;
        return requests.stream().map(request -> ranking(request, score)).toList();
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private static Ranking ranking(Request request, double score) {
    List<CatalogueItem> left = new ArrayList<>(ITEMS.items());
    left.removeAll(request.history());
    return ranking(left.getFirst(), score);
  }

  private static Ranking ranking(CatalogueItem item, double score) {
    return new Ranking(
        List.of(new Choice(1, item, score, 1)),
        new Explanation("logit", 1, Optional.empty(), 2, 0, List.of()));
  }

  private ServeBench.Result run(double wrong, int requests) {
    return ServeBench.run(() -> load(wrong), requests, new Harness(1, () -> now, Progress.NONE));
  }

  @Test
  void loadingAndTheFirstAnswerAreTimedOnceAndBothWaysOfAskingAfterAWarmUp() {
    ServeBench.Result result = run(0, 4);
    assertEquals(
        List.of(
            new Measurement("load", 3, 3, 3, 1, Map.of()),
            new Measurement("first answer", 1.01, 1.01, 1.01, 1, Map.of()),
            new Measurement(
                "one by one", 4.04, 4.04, 4.04, 1, Map.of("requests_per_second", 4 / 4.04)),
            new Measurement(
                "one batch", 1.04, 1.04, 1.04, 1, Map.of("requests_per_second", 4 / 1.04))),
        result.measurements());
    assertEquals(List.of(1, 1, 1, 1, 1, 4, 4, 1, 1, 1, 1), asked);
    assertEquals(Optional.empty(), result.difference());
    assertEquals(
        "{model=Fake, items=3, requests=4, history=2, candidates=0}", result.sizes().toString());
    assertTrue(closed);
  }

  @Test
  void answersThatDifferAreCountedAndTheFirstIsShown() {
    assertEquals(Optional.empty(), run(0.00009, 4).difference());
    String scores = run(0.0002, 4).difference().orElseThrow();
    assertTrue(scores.startsWith("4 of 4 answers differ by more than 1.0E-4; request 1: "), scores);
    List<CatalogueItem> items = ITEMS.items();
    assertEquals(
        Optional.of(
            "1 of 2 answers differ by more than 1.0E-4; request 2: one by one [b 1.0], in one"
                + " batch [c 1.0]"),
        ServeBench.difference(
            List.of(ranking(items.get(0), 1), ranking(items.get(1), 1)),
            List.of(ranking(items.get(0), 1), ranking(items.get(2), 1))));
  }

  @Test
  void refusesANumberOfRequestsBelowOne() {
    assertEquals(
        "--requests: expected at least 1, got 0",
        assertThrows(ConfigException.class, () -> run(0, 0)).getMessage());
  }
}
