package dev.ilora.compare;

import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * HR@1 of every method for each group of cases, and where the gain of one over another comes from.
 *
 * @param property what the cases are grouped by
 * @param compared the two methods, where there are runs of both
 * @param lines a line a group, then one of all cases
 */
public record GainTable(String property, Optional<Pair> compared, List<Line> lines) {
  /** Name of the line of all cases. */
  public static final String ALL = "all cases";

  /** Resampling fewer users promises more certainty than they give. */
  private static final int FEWEST_USERS = 10;

  /**
   * Two methods by their names.
   *
   * @param first the method whose gain is shown
   * @param second the method it is compared with
   */
  public record Pair(String first, String second) {}

  /**
   * One group.
   *
   * @param group its name
   * @param cases number of cases
   * @param users number of users they belong to
   * @param hits HR@1 of each method on these cases, the mean over its seeds
   * @param gain what the first method gains over the second, where there are runs of both
   */
  public record Line(
      String group, int cases, int users, Map<String, Double> hits, Optional<Gain> gain) {
    /** Copies the map. */
    public Line {
      hits = Collections.unmodifiableMap(new LinkedHashMap<>(hits));
    }
  }

  /**
   * What one method gains over another in a group.
   *
   * @param difference first minus second with its 95 % interval clustered by user; empty with fewer
   *     than 10 users
   * @param part what the group adds to the gain on all cases: its gain times its share of the cases
   */
  public record Gain(Optional<Interval> difference, double part) {}

  /** Copies the list. */
  public GainTable {
    lines = List.copyOf(lines);
  }

  /**
   * Compares methods group by group.
   *
   * @param methods name of each method to its runs, all on the same cases
   * @param first the method whose gain is shown; left out where there is no run of it
   * @param second the method it is compared with
   * @throws IllegalArgumentException if a run lacks cases of the groups
   */
  public static GainTable of(
      CaseGroups groups,
      Map<String, List<Outcomes>> methods,
      String first,
      String second,
      Bootstrap bootstrap) {
    Optional<Pair> compared =
        methods.containsKey(first) && methods.containsKey(second) && !first.equals(second)
            ? Optional.of(new Pair(first, second))
            : Optional.empty();
    Set<Integer> all = new HashSet<>();
    groups.groups().forEach(group -> all.addAll(group.cases()));
    List<CaseGroups.Group> shown = new ArrayList<>(groups.groups());
    shown.add(new CaseGroups.Group(ALL, all));
    return new GainTable(
        groups.property(),
        compared,
        shown.stream()
            .map(group -> line(group, all.size(), methods, compared, bootstrap))
            .toList());
  }

  private static Line line(
      CaseGroups.Group group,
      int allCases,
      Map<String, List<Outcomes>> methods,
      Optional<Pair> compared,
      Bootstrap bootstrap) {
    Map<String, List<Outcomes>> own = new LinkedHashMap<>();
    methods.forEach((name, runs) -> own.put(name, only(runs, group)));
    Map<String, Double> hits = new LinkedHashMap<>();
    own.forEach((name, runs) -> hits.put(name, hits(runs)));
    int users =
        (int)
            own.values().iterator().next().getFirst().rows().stream()
                .map(Outcome::user)
                .distinct()
                .count();
    int cases = group.cases().size();
    return new Line(
        group.name(),
        cases,
        users,
        hits,
        compared.map(pair -> gain(pair, own, hits, users, (double) cases / allCases, bootstrap)));
  }

  private static Gain gain(
      Pair pair,
      Map<String, List<Outcomes>> runs,
      Map<String, Double> hits,
      int users,
      double share,
      Bootstrap bootstrap) {
    List<Outcomes> first = runs.get(pair.first());
    List<Outcomes> second = runs.get(pair.second());
    return new Gain(
        users < FEWEST_USERS
            ? Optional.empty()
            : Optional.of(PairedTest.of(first, second, Metric.HR_1, bootstrap).difference()),
        (hits.get(pair.first()) - hits.get(pair.second())) * share);
  }

  private static List<Outcomes> only(List<Outcomes> runs, CaseGroups.Group group) {
    List<Outcomes> own = runs.stream().map(run -> run.only(group.cases())).toList();
    for (Outcomes run : own) {
      if (run.rows().size() != group.cases().size()) {
        throw new IllegalArgumentException(
            "%s, seed %s: %s of the %s cases of group '%s'"
                .formatted(
                    run.method(),
                    run.seed(),
                    run.rows().size(),
                    group.cases().size(),
                    group.name()));
      }
    }
    return own;
  }

  private static double hits(List<Outcomes> runs) {
    return runs.stream().mapToDouble(run -> run.metrics().get(Metric.HR_1)).average().orElseThrow();
  }
}
