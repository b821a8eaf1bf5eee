package dev.ilora.compare;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.DataSource;
import dev.ilora.runs.Method;
import dev.ilora.runs.Run;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Methods compared on the same cases and candidates: a line a method with the mean over its seeds
 * and 95 % intervals over users, and paired tests of one method against each other one.
 *
 * @param data the data set
 * @param caseSet which cases they are
 * @param candidatesHash content hash of the candidates all runs share
 * @param candidates number of candidates of a case, where it is the same for all
 * @param cases number of evaluated cases
 * @param users number of users they belong to
 * @param methods a line a method, in the order of {@link Method}, variants of a method after it
 * @param tests the reference method against each other one, on HR@1 and HR and NDCG at 3 and 5;
 *     empty where there is no run of the reference
 */
public record ResultTable(
    DataSource data,
    CaseSet caseSet,
    String candidatesHash,
    OptionalInt candidates,
    int cases,
    int users,
    List<MethodScores> methods,
    List<PairedTest> tests) {
  private static final List<Metric> TESTED =
      List.of(Metric.HR_1, Metric.HR_3, Metric.NDCG_3, Metric.HR_5, Metric.NDCG_5);

  /** Copies the lists. */
  public ResultTable {
    methods = List.copyOf(methods);
    tests = List.copyOf(tests);
  }

  /**
   * Compares runs on their test cases, see {@link #of(CaseSet, List, String, Bootstrap)}.
   *
   * @throws IllegalArgumentException as there
   */
  public static ResultTable of(List<Run> runs, String reference, Bootstrap bootstrap) {
    return of(CaseSet.TEST, runs, reference, bootstrap);
  }

  /**
   * Compares runs.
   *
   * @param set the cases they are compared on
   * @param runs runs of one or several methods and seeds
   * @param reference name of the method tested against each other one; there may be no run of it
   * @throws IllegalArgumentException if there are no runs, one was not evaluated on the cases, a
   *     method has one seed twice, or runs hold different cases or candidates, naming both hashes
   */
  public static ResultTable of(CaseSet set, List<Run> runs, String reference, Bootstrap bootstrap) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to compare");
    }
    Outcomes first = runs.getFirst().on(set);
    runs.forEach(run -> first.requireSameRows(run.on(set)));
    requireDistinct(runs);
    Map<String, List<Run>> methods = MethodOrder.byMethod(runs);
    return new ResultTable(
        runs.getFirst().record().inputs().data(),
        set,
        first.candidatesHash(),
        candidates(first),
        first.rows().size(),
        (int) first.rows().stream().map(Outcome::user).distinct().count(),
        methods.values().stream().map(seeds -> MethodScores.of(set, seeds, bootstrap)).toList(),
        tests(set, methods, reference, bootstrap));
  }

  private static OptionalInt candidates(Outcomes outcomes) {
    int[] counts =
        outcomes.rows().stream().mapToInt(row -> row.candidates().length).distinct().toArray();
    return counts.length == 1 ? OptionalInt.of(counts[0]) : OptionalInt.empty();
  }

  private static void requireDistinct(List<Run> runs) {
    Set<String> seen = new HashSet<>();
    for (Run run : runs) {
      if (!seen.add(run.title())) {
        throw new IllegalArgumentException(
            "%s with seed %s is given twice"
                .formatted(run.method(), run.record().identity().seed()));
      }
    }
  }

  private static List<PairedTest> tests(
      CaseSet set, Map<String, List<Run>> methods, String reference, Bootstrap bootstrap) {
    List<PairedTest> tests = new ArrayList<>();
    for (String other : methods.keySet()) {
      if (methods.containsKey(reference) && !other.equals(reference)) {
        List<Outcomes> a = methods.get(reference).stream().map(run -> run.on(set)).toList();
        List<Outcomes> b = methods.get(other).stream().map(run -> run.on(set)).toList();
        TESTED.stream()
            .filter(metric -> defined(a, metric) && defined(b, metric))
            .forEach(metric -> tests.add(PairedTest.of(a, b, metric, bootstrap)));
      }
    }
    return tests;
  }

  private static boolean defined(List<Outcomes> runs, Metric metric) {
    return runs.stream().allMatch(run -> metric.definedFor(run.rows()));
  }

  /** The tests of iLoRA against LLaRA, the comparison of the paper; empty where one is missing. */
  public List<PairedTest> headline() {
    return tests.stream()
        .filter(
            test ->
                test.first().equals(Method.ILORA.label())
                    && test.second().equals(Method.LLARA.label()))
        .toList();
  }

  /**
   * What iLoRA gains over LLaRA in HR@1 on the average of several tables, as the paper states it.
   *
   * @return the mean of the relative gains; empty where a table does not say one
   */
  public static OptionalDouble averageGain(List<ResultTable> tables) {
    List<Double> gains =
        tables.stream()
            .flatMap(table -> table.headline().stream())
            .filter(test -> test.metric() == Metric.HR_1)
            .flatMap(test -> test.gain().stream())
            .map(gain -> gain.estimate())
            .toList();
    return gains.size() < tables.size()
        ? OptionalDouble.empty()
        : gains.stream().mapToDouble(gain -> gain).average();
  }

  /** The table as aligned text with its tests below. */
  public String text() {
    return ResultContent.of(this).text();
  }

  /** The table as Markdown with its tests below. */
  public String markdown() {
    return ResultContent.of(this).markdown();
  }

  /** The table as maps and lists, for JSON. */
  public Map<String, Object> json() {
    return ResultContent.of(this).json();
  }
}
