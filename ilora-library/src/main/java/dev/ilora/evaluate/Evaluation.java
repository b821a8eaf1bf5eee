package dev.ilora.evaluate;

import dev.ilora.BadInputException;
import dev.ilora.Progress;
import dev.ilora.data.Case;
import dev.ilora.data.StoredCases;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.statistics.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Ranks the candidates of cases whose target is known: one evaluation for every method. */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Evaluates cases.
   *
   * @param cases with targets and candidates
   * @param what shown with the progress
   * @return one outcome a case, in their order
   * @throws UnusableScoresException if a score is infinite or not a number
   */
  public static List<Outcome> run(Ranker ranker, List<Case> cases, String what, Progress progress) {
    List<Reply> replies = ranker.rank(cases, done -> progress.update(what, done, cases.size(), ""));
    List<Outcome> outcomes = new ArrayList<>(cases.size());
    for (int i = 0; i < cases.size(); i++) {
      refuseUnusable(
          ranker.name(), cases.get(i), cases.get(i).candidates(), replies.get(i).scores());
      outcomes.add(replies.get(i).outcome(cases.get(i)));
    }
    return outcomes;
  }

  private static Outcome ranked(Case one, int[] all, double[] scores, int[] seen) {
    int[] items = all;
    double[] own = scores;
    if (seen.length > 0) {
      BitSet left = new BitSet(all.length);
      left.set(0, all.length);
      Arrays.stream(seen).forEach(left::clear);
      left.set(one.target());
      items = left.stream().toArray();
      own = Arrays.stream(items).mapToDouble(item -> scores[item]).toArray();
    }
    return Outcome.scored(one.index(), one.user(), one.target(), items, own).withoutScores();
  }

  private static void refuseUnusable(String method, Case asked, int[] candidates, double[] scores) {
    UnusableScoresException.refuse(
        method,
        candidates,
        item -> "item %s, asked for user %s,".formatted(item, asked.user()),
        scores);
  }

  /**
   * Evaluates cases among the whole catalogue, each history included.
   *
   * @param cases with targets; candidates are not looked at
   * @return one outcome a case, in their order, without scores
   */
  public static List<Outcome> amongAllItems(ItemScorer scorer, List<Case> cases) {
    return amongAllItems(scorer, cases, _ -> new int[0]);
  }

  /**
   * As above, without the items that a user has seen already; a target is always ranked.
   *
   * @param seen the items to leave out, for the place of a case in the list
   */
  public static List<Outcome> amongAllItems(
      ItemScorer scorer, List<Case> cases, IntFunction<int[]> seen) {
    int[] all = IntStream.range(0, scorer.itemCount()).toArray();
    List<Outcome> outcomes = new ArrayList<>();
    for (int from = 0; from < cases.size(); from += ItemScorer.BATCH) {
      List<Case> part = cases.subList(from, Math.min(cases.size(), from + ItemScorer.BATCH));
      float[][] scores = scorer.scores(part.stream().map(Case::history).toList());
      for (int i = 0; i < part.size(); i++) {
        float[] own = scores[i];
        double[] exact = IntStream.range(0, own.length).mapToDouble(j -> own[j]).toArray();
        Case one = part.get(i);
        refuseUnusable(scorer.name(), one, all, exact);
        outcomes.add(ranked(one, all, exact, seen.apply(from + i)));
      }
    }
    return outcomes;
  }

  /**
   * Evaluates stored cases. Results come by what was ranked: {@code candidatesN} with the number of
   * candidates of a case.
   */
  public static Map<String, List<Outcome>> stored(
      Ranker ranker, StoredCases stored, String what, Progress progress) {
    Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
    outcomes.put("candidates" + stored.width(), run(ranker, stored.cases(), what, progress));
    return outcomes;
  }

  /**
   * Evaluates a recommender on stored cases: as above, and as {@code fullCatalogue} among all
   * items, history included.
   *
   * @throws BadInputException if it knows another number of items
   */
  public static Map<String, List<Outcome>> stored(ItemScorer scorer, StoredCases stored) {
    if (scorer.itemCount() != stored.items().size()) {
      throw new BadInputException(
          stored.itemsFile(),
          "has %s items, but the %s to evaluate knows %s"
              .formatted(stored.items().size(), scorer.name(), scorer.itemCount()));
    }
    Map<String, List<Outcome>> outcomes =
        stored(new ScoreRanker(scorer), stored, "", Progress.NONE);
    outcomes.put("fullCatalogue", amongAllItems(scorer, stored.cases()));
    return outcomes;
  }
}
