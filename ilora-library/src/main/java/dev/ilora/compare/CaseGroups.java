package dev.ilora.compare;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseFacts.CaseFact;
import dev.ilora.runs.ExpertWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cases put into groups by one of their properties; every case is in one group.
 *
 * @param property what they are grouped by
 * @param groups in their natural order, none empty
 */
public record CaseGroups(String property, List<Group> groups) {
  /** The property of {@link #byCluster}. */
  public static final String CLUSTER = "User cluster";

  /** The property of {@link #byKnownGroup}. */
  public static final String KNOWN = "Group";

  /** The group of cases whose target is never chosen in training, of {@link #byPopularity}. */
  public static final String COLD = "cold (0)";

  private static final String UNGROUPED = "no group";

  /** First lengths of the groups of histories. */
  private static final int[] HISTORY_FROM = {0, 1, 2, 3, 4, 6, 10, 20, 50, 100};

  private static final int QUARTERS = 4;

  /**
   * One group.
   *
   * @param name what its cases have in common
   * @param cases their numbers
   */
  public record Group(String name, Set<Integer> cases) {
    /** Copies the set. */
    public Group {
      cases = Set.copyOf(cases);
    }
  }

  /** Copies the list. */
  public CaseGroups {
    groups = List.copyOf(groups);
  }

  /** All groupings that the facts allow. */
  public static List<CaseGroups> of(CaseFacts facts) {
    List<CaseGroups> all = new ArrayList<>(List.of(byHistory(facts), byPopularity(facts)));
    if (facts.about().clustersBy().isPresent()) {
      all.add(byCluster(facts));
    }
    return all;
  }

  /**
   * Groups of fixed lengths (3, 4-5, 6-9, 10-19, ...); the longest history is a group of its own,
   * for longer ones were cut to it.
   */
  public static CaseGroups byHistory(CaseFacts facts) {
    return grouped(
        "History length",
        facts,
        CaseFact::history,
        length -> historyName(length, facts.about().longestHistory()));
  }

  private static String historyName(int length, int longest) {
    if (length >= longest) {
      return longest + " or more";
    }
    int at = Arrays.binarySearch(HISTORY_FROM, length);
    int place = at >= 0 ? at : -at - 2;
    int to = place + 1 < HISTORY_FROM.length ? HISTORY_FROM[place + 1] - 1 : longest - 1;
    return range(HISTORY_FROM[place], Math.min(to, longest - 1));
  }

  /**
   * Quarters of the cases by how often their target is chosen in training, cases of equal counts
   * together; targets never chosen there are a group of their own, cold.
   */
  public static CaseGroups byPopularity(CaseFacts facts) {
    int[] counts =
        facts.cases().stream()
            .mapToInt(CaseFact::targetCount)
            .filter(c -> c > 0)
            .sorted()
            .toArray();
    List<Integer> ends =
        counts.length == 0
            ? List.of()
            : IntStream.rangeClosed(1, QUARTERS)
                .map(q -> counts[(int) Math.ceil((double) q * counts.length / QUARTERS) - 1])
                .distinct()
                .boxed()
                .toList();
    return grouped(
        "Target's training count",
        facts,
        CaseFact::targetCount,
        count -> count == 0 ? COLD : quarterName(count, ends));
  }

  private static String quarterName(int count, List<Integer> ends) {
    int from = 1;
    for (int end : ends) {
      if (count <= end) {
        return range(from, end);
      }
      from = end + 1;
    }
    throw new IllegalStateException("count " + count + " is above " + ends);
  }

  /** What is known of users, such as the demo world's rules of taste. */
  public static CaseGroups byKnownGroup(List<ExpertWeights> cases) {
    Map<String, Set<Integer>> groups = new TreeMap<>();
    for (ExpertWeights one : cases) {
      groups.computeIfAbsent(one.group().orElse(UNGROUPED), _ -> new HashSet<>()).add(one.index());
    }
    return new CaseGroups(KNOWN, groups(groups));
  }

  /** Clusters of users' sequence embeddings. */
  public static CaseGroups byCluster(CaseFacts facts) {
    return grouped(CLUSTER, facts, CaseFact::cluster, Integer::toString);
  }

  private static CaseGroups grouped(
      String property, CaseFacts facts, ToIntFunction<CaseFact> value, IntFunction<String> name) {
    Map<Integer, List<CaseFact>> byValue =
        facts.cases().stream()
            .collect(Collectors.groupingBy(value::applyAsInt, TreeMap::new, Collectors.toList()));
    Map<String, Set<Integer>> groups = new LinkedHashMap<>();
    byValue.forEach(
        (number, members) ->
            members.forEach(
                fact ->
                    groups
                        .computeIfAbsent(name.apply(number), _ -> new HashSet<>())
                        .add(fact.index())));
    return new CaseGroups(property, groups(groups));
  }

  private static List<Group> groups(Map<String, Set<Integer>> cases) {
    return cases.entrySet().stream().map(e -> new Group(e.getKey(), e.getValue())).toList();
  }

  private static String range(int from, int to) {
    return from == to ? Integer.toString(from) : String.format(Locale.ROOT, "%s - %s", from, to);
  }
}
