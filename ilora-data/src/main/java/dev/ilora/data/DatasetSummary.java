package dev.ilora.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one should know of a dataset before believing a result on it.
 *
 * @param name name of the dataset
 * @param hash content hash
 * @param users number of users
 * @param items number of items
 * @param interactions number of interactions
 * @param lengths interactions of a user
 * @param popularity interactions of an item
 * @param itemsNeverChosen items without interactions
 * @param topTenthShare share of interactions that fall on the most popular 10 % of items, 0..1
 * @param ratings how often each rating was given; empty without ratings
 * @param repeats interactions with an item the same user had before
 * @param usersWithRepeats users with such an interaction
 * @param hasTimes whether every interaction has a time
 * @param order what the order of interactions rests on
 * @param split the split the next lines are about
 * @param usersByPart users of each part
 * @param rowsByPart rows with enough history of each part: every position
 * @param lastRows test rows when only the last position of each user counts
 * @param coldItems different test targets that are no training target
 * @param coldRows test rows, every position, with such a target
 * @param duplicateTitles titles that several items share, with the number of items, most first
 * @param containedTitles items whose title stands inside another title, as the papers' ValidRatio
 *     stumbles over
 * @param containedExamples some of them: title, then the title it stands in
 * @param shortUsers users with too few interactions for a case
 * @param baselines what rules without taste reach on the test cases, where they can be asked
 */
public record DatasetSummary(
    String name,
    String hash,
    int users,
    int items,
    long interactions,
    Quantiles lengths,
    Quantiles popularity,
    int itemsNeverChosen,
    double topTenthShare,
    Map<String, Integer> ratings,
    long repeats,
    int usersWithRepeats,
    boolean hasTimes,
    OrderSummary order,
    String split,
    Map<String, Integer> usersByPart,
    Map<String, Integer> rowsByPart,
    int lastRows,
    int coldItems,
    int coldRows,
    Map<String, Integer> duplicateTitles,
    int containedTitles,
    Map<String, String> containedExamples,
    int shortUsers,
    Optional<Baselines> baselines) {
  private static final int EXAMPLES = 10;

  /**
   * Describes a dataset and a split of it; cases have at least {@code minHistory} history items.
   *
   * @param hash content hash of the dataset
   */
  public static DatasetSummary of(Split split, String hash, int minHistory) {
    Dataset dataset = split.dataset();
    int[] counts = new int[dataset.itemCount()];
    dataset.users().forEach(u -> Arrays.stream(u.items()).forEach(i -> counts[i]++));
    long[] repeats = dataset.users().stream().mapToLong(DatasetSummary::repeats).toArray();
    Map<String, String> contained = contained(dataset.titles());
    List<Case> testRows = split.rows(Part.TEST, Positions.EVERY, minHistory);
    int[] trained = split.trainCounts();
    return new DatasetSummary(
        dataset.name(),
        hash,
        dataset.users().size(),
        dataset.itemCount(),
        dataset.interactionCount(),
        Quantiles.of(dataset.users().stream().mapToInt(UserSequence::length).toArray()),
        Quantiles.of(counts),
        (int) Arrays.stream(counts).filter(c -> c == 0).count(),
        topTenthShare(counts),
        ratings(dataset),
        Arrays.stream(repeats).sum(),
        (int) Arrays.stream(repeats).filter(r -> r > 0).count(),
        dataset.hasTimes(),
        OrderSummary.of(dataset),
        split.rule(),
        byPart(p -> split.windows(p).size()),
        byPart(p -> split.rows(p, Positions.EVERY, minHistory).size()),
        split.rows(Part.TEST, Positions.LAST, minHistory).size(),
        (int)
            testRows.stream()
                .mapToInt(Case::target)
                .filter(i -> trained[i] == 0)
                .distinct()
                .count(),
        (int) testRows.stream().filter(r -> trained[r.target()] == 0).count(),
        duplicates(dataset.titles()),
        contained.size(),
        examples(contained),
        (int) dataset.users().stream().filter(u -> u.length() <= minHistory).count(),
        Baselines.of(split, testRows));
  }

  private static long repeats(UserSequence user) {
    return user.length() - Arrays.stream(user.items()).distinct().count();
  }

  /** What this means for an evaluation, one sentence or two each; never empty. */
  public List<String> advice() {
    return DatasetAdvice.of(this);
  }

  private static double topTenthShare(int[] counts) {
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    int top = Math.ceilDiv(sorted.length, 10);
    long total = Arrays.stream(sorted).asLongStream().sum();
    long inTop = Arrays.stream(sorted).skip(sorted.length - top).asLongStream().sum();
    return total == 0 ? 0 : (double) inTop / total;
  }

  private static Map<String, Integer> ratings(Dataset dataset) {
    Map<Float, Integer> counts = new TreeMap<>();
    if (dataset.hasRatings()) {
      for (UserSequence user : dataset.users()) {
        for (float rating : user.ratings()) {
          counts.merge(rating, 1, Integer::sum);
        }
      }
    }
    Map<String, Integer> named = new LinkedHashMap<>();
    counts.forEach((rating, count) -> named.put(Float.toString(rating), count));
    return named;
  }

  private interface PartCount {
    int of(Part part);
  }

  private static Map<String, Integer> byPart(PartCount count) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      counts.put(part.fileName(), count.of(part));
    }
    return counts;
  }

  private static Map<String, Integer> duplicates(List<String> titles) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    titles.forEach(t -> counts.merge(t, 1, Integer::sum));
    Map<String, Integer> duplicates = new LinkedHashMap<>();
    counts.entrySet().stream()
        .filter(e -> e.getValue() > 1)
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(e -> duplicates.put(e.getKey(), e.getValue()));
    return duplicates;
  }

  /** Titles that stand inside another, different title, with one such; linear in total length². */
  static Map<String, String> contained(List<String> titles) {
    Set<String> all = new LinkedHashSet<>(titles);
    BitSet lengths = new BitSet();
    all.forEach(t -> lengths.set(t.length()));
    Map<String, String> found = new HashMap<>();
    for (String title : all) {
      for (int n = lengths.nextSetBit(1);
          n > 0 && n < title.length();
          n = lengths.nextSetBit(n + 1)) {
        for (int from = 0; from + n <= title.length(); from++) {
          String piece = title.substring(from, from + n);
          if (all.contains(piece)) {
            found.putIfAbsent(piece, title);
          }
        }
      }
    }
    Map<String, String> ordered = new LinkedHashMap<>();
    all.stream().filter(found::containsKey).forEach(t -> ordered.put(t, found.get(t)));
    return ordered;
  }

  private static Map<String, String> examples(Map<String, String> contained) {
    Map<String, String> some = new LinkedHashMap<>();
    contained.entrySet().stream().limit(EXAMPLES).forEach(e -> some.put(e.getKey(), e.getValue()));
    return some;
  }
}
