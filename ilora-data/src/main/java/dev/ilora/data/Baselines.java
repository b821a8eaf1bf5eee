package dev.ilora.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What rules that know nothing of taste reach on the test cases, each among candidates drawn as in
 * an evaluation. A rule of ids that does well shows that the order of the data is that of its ids.
 *
 * @param cases test cases asked, at most 2,000
 * @param candidates candidates of a case, the target among them
 * @param chance HR@1 of guessing
 * @param popularity HR@1 of the item most chosen in training
 * @param idAbove HR@1 of the candidate with the smallest id above the last item's
 * @param idBelow HR@1 of the candidate with the largest id below the last item's
 */
public record Baselines(
    int cases, int candidates, double chance, double popularity, double idAbove, double idBelow) {
  private static final int MOST_CASES = 2000;
  private static final int USUAL_CANDIDATES = 20;
  private static final long SEED = 1;

  /** Asks the rules; empty where there are no test cases, or too few items to draw candidates. */
  static Optional<Baselines> of(Split split, List<Case> testCases) {
    Dataset dataset = split.dataset();
    int free = dataset.itemCount() - dataset.mostItemsOfAUser();
    int count = Math.min(USUAL_CANDIDATES, free);
    if (testCases.isEmpty() || count < 2) {
      return Optional.empty();
    }
    List<Case> sample = Split.sample(testCases, MOST_CASES, SEED);
    List<Case> cases = CandidateFile.draw(sample, dataset, count, SEED).of(sample);
    int[] popularity = split.trainCounts();
    long[] ids = ids(dataset);
    double popular = 0;
    double above = 0;
    double below = 0;
    for (Case one : cases) {
      long last = one.history().length == 0 ? -1 : ids[one.history()[one.history().length - 1]];
      popular += hit(one, item -> popularity[item]);
      above += hit(one, item -> ids[item] > last ? -ids[item] : Long.MIN_VALUE + 1);
      below += hit(one, item -> ids[item] < last ? ids[item] : Long.MIN_VALUE + 1);
    }
    int n = cases.size();
    return Optional.of(new Baselines(n, count, 1.0 / count, popular / n, above / n, below / n));
  }

  /** The keys where all are numbers, else the places in the catalogue. */
  private static long[] ids(Dataset dataset) {
    boolean numbers = dataset.items().stream().allMatch(i -> i.key().matches("\\d{1,18}"));
    return dataset.items().stream()
        .mapToLong(i -> numbers ? Long.parseLong(i.key()) : i.id())
        .toArray();
  }

  private interface Rule {
    long score(int item);
  }

  /** Whether the rule puts the target first; the share of the first place where several tie. */
  private static double hit(Case one, Rule rule) {
    long best = IntStream.of(one.candidates()).mapToLong(rule::score).max().orElseThrow();
    long first = IntStream.of(one.candidates()).filter(i -> rule.score(i) == best).count();
    return rule.score(one.target()) == best ? 1.0 / first : 0;
  }
}
