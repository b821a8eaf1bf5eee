package dev.ilora.recommend;

import dev.ilora.data.Case;
import dev.ilora.evaluate.UnusableScoresException;
import dev.ilora.statistics.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A request in the model's own numbers.
 *
 * @param history item numbers, oldest first, the latest that count
 * @param candidates item numbers in ascending order, so that the order in which they were given
 *     plays no part
 */
record Asked(Request request, int[] history, int[] candidates) {
  /** How scores become shares. */
  enum Shares {
    /** The softmax of the scores. */
    SOFTMAX,
    /** The scores over their sum. */
    PROPORTION
  }

  /**
   * Reads requests.
   *
   * @param historyLength most history items that count; 0 where the history plays no part
   * @throws WrongRequestException naming the first wrong request by its place, where there are
   *     several
   */
  static List<Asked> of(List<Request> requests, Catalogue catalogue, int historyLength) {
    List<Asked> all = new ArrayList<>(requests.size());
    for (Request request : requests) {
      try {
        all.add(of(request, catalogue, historyLength));
      } catch (IllegalArgumentException e) {
        throw new WrongRequestException(all.size(), requests.size(), e);
      }
    }
    return all;
  }

  private static Asked of(Request request, Catalogue catalogue, int historyLength) {
    int[] whole = request.history().stream().mapToInt(catalogue::index).toArray();
    if (whole.length == 0 && historyLength > 0) {
      throw new IllegalArgumentException("the history is empty; expected at least one item");
    }
    int from = Math.max(0, whole.length - historyLength);
    int[] history = historyLength == 0 ? new int[0] : Arrays.copyOfRange(whole, from, whole.length);
    BitSet ranked = new BitSet(catalogue.size());
    if (request.candidates().isEmpty()) {
      ranked.set(0, catalogue.size());
    } else {
      request.candidates().forEach(item -> ranked.set(catalogue.index(item)));
    }
    Arrays.stream(whole).forEach(ranked::clear);
    request.excluded().forEach(item -> ranked.clear(catalogue.index(item)));
    if (ranked.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to rank: every candidate is in the history or excluded");
    }
    return new Asked(request, history, ranked.stream().toArray());
  }

  /** The case a model is asked. */
  Case toCase() {
    return new Case(0, request.user(), history, Case.UNKNOWN, candidates);
  }

  /** The same among some of the candidates, in ascending order. */
  Asked among(int[] items) {
    int[] sorted = items.clone();
    Arrays.sort(sorted);
    return new Asked(request, history, sorted);
  }

  /**
   * The best of scored items, best first: ties are ordered by a fixed pseudo-random key of the
   * item.
   *
   * @param scores of the candidates, finite
   */
  private static int[] order(int[] candidates, double[] scores) {
    return Ranking.order(0, candidates, scores);
  }

  /**
   * The items of the highest scores.
   *
   * @param method what gave the scores
   * @param count so many, or all where there are fewer
   */
  Asked shortlist(Catalogue catalogue, String method, double[] scores, int count) {
    refuseUnusable(catalogue, method, scores);
    return among(Arrays.copyOf(order(candidates, scores), Math.min(count, candidates.length)));
  }

  /**
   * The answer from the candidates' scores.
   *
   * @param method what gave the scores
   * @throws UnusableScoresException if a score is not finite
   */
  dev.ilora.recommend.Ranking answer(
      Catalogue catalogue, String method, double[] scores, Shares shares, Explanation explanation) {
    refuseUnusable(catalogue, method, scores);
    double[] parts = shares(scores, shares);
    int[] best = order(candidates, scores);
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < Math.min(best.length, request.top()); i++) {
      int at = Arrays.binarySearch(candidates, best[i]);
      choices.add(new Choice(i + 1, catalogue.items().get(best[i]), scores[at], parts[at]));
    }
    return new dev.ilora.recommend.Ranking(choices, explanation);
  }

  private void refuseUnusable(Catalogue catalogue, String method, double[] scores) {
    UnusableScoresException.refuse(
        method,
        candidates,
        item -> "the item with key '" + catalogue.items().get(item).key() + "'",
        scores);
  }

  private static double[] shares(double[] scores, Shares shares) {
    double[] values =
        switch (shares) {
          case PROPORTION -> scores;
          case SOFTMAX -> {
            double most = DoubleStream.of(scores).max().orElse(0);
            yield DoubleStream.of(scores).map(score -> Math.exp(score - most)).toArray();
          }
        };
    double sum = DoubleStream.of(values).sum();
    return DoubleStream.of(values).map(value -> sum == 0 ? 0 : value / sum).toArray();
  }

  /** An explanation without a language model. */
  Explanation explanation(String score) {
    return new Explanation(
        score, candidates.length, Optional.empty(), history.length, 0, List.of());
  }
}
