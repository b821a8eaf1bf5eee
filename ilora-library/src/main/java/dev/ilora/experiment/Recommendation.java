package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Case;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.prompt.Prompt;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What to offer a user next.
 *
 * @param method who ranks
 * @param score what the scores are: {@code log-likelihood} of a title, {@code logit} of an item, or
 *     the {@code count} of its interactions
 * @param candidates number of items ranked
 * @param shortlistedBy who chose the candidates among all items before a language model ranked
 *     them; null where nobody had to
 * @param titlesCut titles cut short or left out so that the prompt fits the model's context
 * @param choices the best candidates, best first
 * @param expertWeights weight of each expert for this user, their mean where each layer has its own
 *     gate; empty for models without a gate
 */
public record Recommendation(
    String method,
    String score,
    int candidates,
    String shortlistedBy,
    int titlesCut,
    List<Choice> choices,
    List<Double> expertWeights) {

  /**
   * One recommended item.
   *
   * @param rank from 1
   * @param item id
   * @param title of the item
   * @param score see {@link Recommendation#score}
   * @param share the item's probability among the candidates: the softmax of log-likelihoods or
   *     logits, the share of counts
   */
  public record Choice(int rank, int item, String title, double score, double share) {}

  /**
   * What is wanted.
   *
   * @param history item ids, oldest first, at least one
   * @param candidates item ids to rank; empty for all items
   * @param count number of items wanted; fewer come where there are fewer candidates
   */
  public record Request(int[] history, int[] candidates, int count) {
    /** Refuses an empty history and a count below 1. */
    public Request {
      if (history.length == 0) {
        throw new ConfigException("the history is empty; expected at least one title");
      }
      if (count < 1) {
        throw new ConfigException("the number of items wanted must be at least 1, not " + count);
      }
    }

    /** The items to rank, each once, without those of the history. */
    int[] choose(int itemCount) {
      Set<Integer> known = new HashSet<>(Arrays.stream(history).boxed().toList());
      IntStream from =
          candidates.length == 0 ? IntStream.range(0, itemCount) : Arrays.stream(candidates);
      int[] chosen = from.distinct().filter(item -> !known.contains(item)).toArray();
      if (chosen.length == 0) {
        throw new ConfigException("nothing to rank: every candidate is in the history");
      }
      return chosen;
    }
  }

  /**
   * Ranks by a recommender.
   *
   * @param titles title of each item id
   */
  public static Recommendation of(ItemScorer recommender, List<String> titles, Request request) {
    int[] items = request.choose(recommender.itemCount());
    float[] values = recommender.candidateScores(List.of(request.history()), List.of(items))[0];
    double[] scores = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    String kind =
        switch (recommender) {
          case Popularity _ -> "count";
          case SequenceRecommender _ -> "logit";
        };
    double[] shares =
        switch (recommender) {
          case Popularity _ -> proportions(scores);
          case SequenceRecommender _ -> softmax(scores);
        };
    List<Choice> choices = best(items, scores, shares, titles, request.count());
    return new Recommendation(recommender.name(), kind, items.length, null, 0, choices, List.of());
  }

  /**
   * Ranks by a finished run. A language model is offered at most as many candidates as the rows it
   * learned from have: where all items are wanted, the recommender that guides it makes a shortlist
   * of that length, and popularity where none does.
   *
   * @throws BadInputException if the run is not trained
   */
  public static Recommendation of(Experiment run, Workspace workspace, Request request) {
    Recipe recipe = run.recipe();
    List<String> titles = workspace.dataset(recipe).titles();
    if (!recipe.method().asksLanguageModel()) {
      try (ItemScorer recommender = run.recommender()) {
        return of(recommender, titles, request);
      }
    }
    try (OpenModel models = run.models()) {
      PromptModel model = models.model();
      int[] chosen = request.choose(titles.size());
      int most = recipe.rows().candidates();
      boolean shorten = request.candidates().length == 0 && chosen.length > most;
      String by = null;
      if (shorten) {
        ItemScorer first = shortlister(model, workspace, recipe);
        by = first.name();
        chosen = first.top(List.of(request.history()), most).getFirst();
        // In the order of the catalogue, so that the list itself gives nothing away.
        Arrays.sort(chosen);
      }
      int[] history = request.history();
      int from = Math.max(0, history.length - recipe.rows().history());
      Case asked =
          Case.asked("command line", Arrays.copyOfRange(history, from, history.length), chosen);
      double[] scores = model.scores(List.of(asked)).getFirst().logLikelihoods();
      Prompt prompt = model.prompt(asked);
      return new Recommendation(
          recipe.label(),
          "log-likelihood",
          chosen.length,
          by,
          prompt.titlesTruncated() + prompt.titlesDropped(),
          best(chosen, scores, softmax(scores), titles, request.count()),
          expertWeights(model, asked));
    }
  }

  private static ItemScorer shortlister(PromptModel model, Workspace workspace, Recipe recipe) {
    SequenceRecommender guide = model.parts().recommender();
    return guide != null ? guide : new Popularity(workspace.split(recipe).trainCounts());
  }

  private static List<Double> expertWeights(PromptModel model, Case asked) {
    if (model.parts().gate() == null) {
      return List.of();
    }
    try (var _ = Scope.open()) {
      Tensor weights = model.expertWeights(List.of(asked));
      Tensor shown = weights.dim() == 3 ? weights.mean(0, false) : weights;
      List<Double> values = new ArrayList<>();
      for (float value : shown.toFloats()) {
        values.add((double) value);
      }
      return values;
    }
  }

  private static List<Choice> best(
      int[] items, double[] scores, double[] shares, List<String> titles, int count) {
    List<Integer> order =
        IntStream.range(0, items.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .limit(count)
            .toList();
    List<Choice> choices = new ArrayList<>();
    for (int i : order) {
      choices.add(
          new Choice(choices.size() + 1, items[i], titles.get(items[i]), scores[i], shares[i]));
    }
    return choices;
  }

  private static double[] softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    return proportions(Arrays.stream(scores).map(score -> Math.exp(score - most)).toArray());
  }

  /** Zeros where all are zero. */
  private static double[] proportions(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> sum == 0 ? 0 : value / sum).toArray();
  }
}
