package dev.ilora.bench;

import dev.ilora.config.ConfigException;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.Choice;
import dev.ilora.recommend.Ranking;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Times a model as a service uses it: how long it takes to load, how long its first answer takes,
 * and how many requests it answers a second, one by one and in one batch. Both must give the same
 * answers.
 *
 * <p>Loading and the first answer happen once, so the process should be a new one: the first figure
 * then holds the native libraries as well. Histories are drawn at random from the catalogue, as
 * long as the model reads them, and all items are ranked.
 */
public final class ServeBench {
  private static final long SEED = 1;
  private static final int TOP = 10;

  /** Scores may differ by so much: sums of a batch are rounded in another order. */
  private static final double TOLERANCE = 1e-4;

  private ServeBench() {}

  /**
   * What was found.
   *
   * @param sizes of the model and the requests
   * @param measurements of loading, the first answer, and both ways of asking
   * @param difference how the batch's answers differ from those one by one, if they do
   */
  public record Result(
      Map<String, Object> sizes, List<Measurement> measurements, Optional<String> difference) {
    /** Copies the values. */
    public Result {
      sizes = new LinkedHashMap<>(sizes);
      measurements = List.copyOf(measurements);
    }
  }

  /**
   * Loads a model, asks it and closes it.
   *
   * @param load loads the model
   * @param count number of requests
   * @throws ConfigException if the number is below 1 or the model knows only one item
   */
  public static Result run(Supplier<Recommender> load, int count, Harness harness) {
    if (count < 1) {
      throw new ConfigException("--requests: expected at least 1, got " + count);
    }
    List<Recommender> loaded = new ArrayList<>();
    Timing loading = harness.once(() -> loaded.add(load.get()));
    try (Recommender model = loaded.getFirst()) {
      return run(model, loading, count, harness);
    }
  }

  private static Result run(Recommender model, Timing loading, int count, Harness harness) {
    List<Request> requests = requests(model, count);
    Timing first = harness.once(() -> model.recommend(requests.getFirst()));
    List<Ranking> apart = new ArrayList<>();
    List<Ranking> together = new ArrayList<>();
    Map<String, Timing> timings =
        harness.run(
            "bench serve",
            List.of(
                new Variant(
                    "one by one",
                    () -> replace(apart, requests.stream().map(model::recommend).toList())),
                new Variant("one batch", () -> replace(together, model.recommend(requests)))));
    List<Measurement> measurements = new ArrayList<>();
    measurements.add(Measurement.of("load", loading, Map.of()));
    measurements.add(Measurement.of("first answer", first, Map.of()));
    timings.forEach(
        (name, timing) ->
            measurements.add(
                Measurement.of(
                    name, timing, Map.of("requests_per_second", count / timing.median()))));
    return new Result(sizes(model, requests), measurements, difference(apart, together));
  }

  private static void replace(List<Ranking> answers, List<Ranking> by) {
    answers.clear();
    answers.addAll(by);
  }

  private static Map<String, Object> sizes(Recommender model, List<Request> requests) {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("model", model.card().name());
    sizes.put("items", model.catalogue().size());
    sizes.put("requests", requests.size());
    sizes.put("history", requests.getFirst().history().size());
    sizes.put("candidates", model.card().limits().candidates());
    return sizes;
  }

  private static List<Request> requests(Recommender model, int count) {
    List<CatalogueItem> items = model.catalogue().items();
    int length = Math.min(Math.max(1, model.card().limits().history()), items.size() - 1);
    if (length < 1) {
      throw new ConfigException("the model knows one item only: there is nothing to rank");
    }
    SplittableRandom random = new SplittableRandom(SEED);
    List<Request> requests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      List<CatalogueItem> history =
          random.ints(0, items.size()).distinct().limit(length).mapToObj(items::get).toList();
      requests.add(Request.history(history).top(TOP));
    }
    return requests;
  }

  /** How many answers differ, and how the first of them does. */
  static Optional<String> difference(List<Ranking> apart, List<Ranking> together) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < apart.size(); i++) {
      if (!alike(apart.get(i), together.get(i))) {
        differences.add(
            "request %d: one by one %s, in one batch %s"
                .formatted(i + 1, text(apart.get(i)), text(together.get(i))));
      }
    }
    return differences.stream()
        .findFirst()
        .map(
            one ->
                "%d of %d answers differ by more than %s; %s"
                    .formatted(differences.size(), apart.size(), TOLERANCE, one));
  }

  private static boolean alike(Ranking a, Ranking b) {
    boolean alike = a.items().equals(b.items());
    for (int i = 0; alike && i < a.choices().size(); i++) {
      double difference = a.choices().get(i).score() - b.choices().get(i).score();
      alike = Math.abs(difference) <= TOLERANCE;
    }
    return alike;
  }

  private static List<String> text(Ranking ranking) {
    List<String> text = new ArrayList<>();
    for (Choice choice : ranking) {
      text.add(choice.item().key() + " " + (float) choice.score());
    }
    return text;
  }
}
