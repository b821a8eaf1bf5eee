package dev.ilora.compare;

import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * HR@1 of every method for each group of rows, and where the gain of one over another comes from.
 *
 * @param property what the rows are grouped by
 * @param first the method whose gain is shown, or null where there is no run of it or of the second
 * @param second the method it is compared with; null with the first
 * @param lines a line a group, then one of all rows
 */
public record GainTable(String property, String first, String second, List<Line> lines) {
  /** Name of the line of all rows. */
  public static final String ALL = "all rows";

  /** Resampling fewer users promises more certainty than they give. */
  private static final int FEWEST_USERS = 10;

  /**
   * One group.
   *
   * @param group its name
   * @param rows number of rows
   * @param users number of users they belong to
   * @param hits HR@1 of each method on these rows, the mean over its seeds
   * @param gain first minus second with its 95 % interval clustered by user; null without these
   *     methods or with fewer than 10 users
   * @param part what the group adds to the gain on all rows: its gain times its share of the rows;
   *     0 without these methods
   */
  public record Line(
      String group, int rows, int users, Map<String, Double> hits, Interval gain, double part) {
    /** Copies the map. */
    public Line {
      hits = Collections.unmodifiableMap(new LinkedHashMap<>(hits));
    }
  }

  /** Copies the list. */
  public GainTable {
    lines = List.copyOf(lines);
  }

  /**
   * Compares methods group by group.
   *
   * @param methods name of each method to its runs, all on the same rows
   * @param first the method whose gain is shown; left out where there is no run of it
   * @param second the method it is compared with
   * @throws IllegalArgumentException if a run lacks rows of the groups
   */
  public static GainTable of(
      CaseGroups groups,
      Map<String, List<Outcomes>> methods,
      String first,
      String second,
      Bootstrap bootstrap) {
    boolean compares =
        methods.containsKey(first) && methods.containsKey(second) && !first.equals(second);
    String gaining = compares ? first : null;
    String against = compares ? second : null;
    Set<Integer> all = new HashSet<>();
    groups.groups().forEach(group -> all.addAll(group.rows()));
    List<CaseGroups.Group> shown = new ArrayList<>(groups.groups());
    shown.add(new CaseGroups.Group(ALL, all));
    return new GainTable(
        groups.property(),
        gaining,
        against,
        shown.stream()
            .map(group -> line(group, all.size(), methods, gaining, against, bootstrap))
            .toList());
  }

  private static Line line(
      CaseGroups.Group group,
      int allRows,
      Map<String, List<Outcomes>> methods,
      String first,
      String second,
      Bootstrap bootstrap) {
    Map<String, List<Outcomes>> own = new LinkedHashMap<>();
    methods.forEach((name, runs) -> own.put(name, only(runs, group)));
    Map<String, Double> hits = new LinkedHashMap<>();
    own.forEach((name, runs) -> hits.put(name, hits(runs)));
    int users =
        (int)
            own.values().iterator().next().getFirst().rows().stream()
                .map(row -> row.user())
                .distinct()
                .count();
    Interval gain =
        first == null || users < FEWEST_USERS
            ? null
            : PairedTest.of(own.get(first), own.get(second), Metric.HR_1, bootstrap).difference();
    double part =
        first == null
            ? 0
            : (hits.get(first) - hits.get(second)) * group.rows().size() / (double) allRows;
    return new Line(group.name(), group.rows().size(), users, hits, gain, part);
  }

  private static List<Outcomes> only(List<Outcomes> runs, CaseGroups.Group group) {
    List<Outcomes> own = runs.stream().map(run -> run.only(group.rows())).toList();
    for (Outcomes run : own) {
      if (run.rows().size() != group.rows().size()) {
        throw new IllegalArgumentException(
            "%s, seed %d: %d of the %d rows of group '%s'"
                .formatted(
                    run.method(),
                    run.seed(),
                    run.rows().size(),
                    group.rows().size(),
                    group.name()));
      }
    }
    return own;
  }

  private static double hits(List<Outcomes> runs) {
    return runs.stream().mapToDouble(run -> run.metrics().get(Metric.HR_1)).average().orElseThrow();
  }

  Map<String, Object> json() {
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("property", property);
    table.put("first", first);
    table.put("second", second);
    table.put("groups", lines.stream().map(this::json).toList());
    return table;
  }

  private Map<String, Object> json(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("group", line.group());
    fields.put("rows", line.rows());
    fields.put("users", line.users());
    fields.put("hr@1", line.hits());
    if (line.gain() != null) {
      fields.put("gain", ResultTable.json(line.gain()));
    }
    if (first != null) {
      fields.put("part_of_gain", line.part());
    }
    return fields;
  }
}
