package dev.ilora.compare;

import dev.ilora.runs.ExpertWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a gate weighs its experts in groups of cases, and whether groups explain it. K experts.
 *
 * @param run method and seed
 * @param property what the cases are grouped by
 * @param groups mean weights of each group, then of all cases
 * @param deviation standard deviation of each expert's weight over all cases, (K); where it is near
 *     0 the gate treats all users alike
 * @param betweenShare share of the weights' variance that lies between the groups' means and not
 *     within groups, summed over experts: 0 where groups are weighed alike, 1 where a group's cases
 *     are; 0 where the weights do not vary at all
 * @param entropy mean entropy of a case's weights over ln K: 1 where all experts weigh the same, 0
 *     where one has all the weight
 */
public record ExpertMix(
    String run,
    String property,
    List<Group> groups,
    double[] deviation,
    double betweenShare,
    double entropy) {
  private static final int HEAVIEST = 3;

  /**
   * Mean weights of one group.
   *
   * @param name what its cases have in common
   * @param cases number of cases
   * @param weights mean weight of each expert, (K)
   * @param entropy mean entropy of a case's weights over ln K
   */
  public record Group(String name, int cases, double[] weights, double entropy) {}

  /** Copies the list. */
  public ExpertMix {
    groups = List.copyOf(groups);
  }

  /**
   * Groups the cases of one run.
   *
   * @param rows at least one; those in no group only count among all
   */
  public static ExpertMix by(CaseGroups grouping, String run, List<ExpertWeights> rows) {
    Map<String, List<ExpertWeights>> groups = new LinkedHashMap<>();
    for (CaseGroups.Group group : grouping.groups()) {
      List<ExpertWeights> own =
          rows.stream().filter(row -> group.cases().contains(row.index())).toList();
      if (!own.isEmpty()) {
        groups.put(group.name(), own);
      }
    }
    List<Group> lines = new ArrayList<>();
    groups.forEach((name, members) -> lines.add(group(name, members)));
    Group all = group(GainTable.ALL, rows);
    double[] variance =
        IntStream.range(0, all.weights().length)
            .mapToDouble(k -> variance(rows, k, all.weights()[k]))
            .toArray();
    double between = between(lines, all);
    double total = Arrays.stream(variance).sum();
    lines.add(all);
    return new ExpertMix(
        run,
        grouping.property(),
        lines,
        Arrays.stream(variance).map(Math::sqrt).toArray(),
        total == 0 ? 0 : between / total,
        all.entropy());
  }

  private static Group group(String name, List<ExpertWeights> rows) {
    double[] means =
        IntStream.range(0, rows.getFirst().weights().length)
            .mapToDouble(
                k -> rows.stream().mapToDouble(row -> row.weights()[k]).average().orElseThrow())
            .toArray();
    double entropy =
        rows.stream().mapToDouble(row -> entropy(row.weights())).average().orElseThrow();
    return new Group(name, rows.size(), means, entropy);
  }

  private static double variance(List<ExpertWeights> rows, int expert, double mean) {
    return rows.stream()
        .mapToDouble(row -> row.weights()[expert] - mean)
        .map(difference -> difference * difference)
        .average()
        .orElseThrow();
  }

  /** Variance of the groups' means around the mean of all, weighed by rows. */
  private static double between(List<Group> groups, Group all) {
    double sum = 0;
    for (Group group : groups) {
      for (int k = 0; k < all.weights().length; k++) {
        double difference = group.weights()[k] - all.weights()[k];
        sum += group.cases() * difference * difference;
      }
    }
    return sum / all.cases();
  }

  /** The experts with the most weight, from 1, each with its weight. */
  static String heaviest(double[] weights) {
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -weights[k]))
        .limit(HEAVIEST)
        .map(k -> String.format(Locale.ROOT, "%s (%.2f)", k + 1, weights[k]))
        .collect(Collectors.joining(", "));
  }

  /** Entropy over the largest possible one; of a single expert 0. */
  static double entropy(double[] weights) {
    double sum = Arrays.stream(weights).filter(w -> w > 0).map(w -> -w * Math.log(w)).sum();
    return weights.length == 1 ? 0 : sum / Math.log(weights.length);
  }
}
