package dev.ilora.compare;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Manifest;
import dev.ilora.runs.Method;
import dev.ilora.runs.RunResult;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Methods compared on the same rows and candidates: a line a method with the mean over its seeds
 * and 95 % intervals over users, and paired tests of one method against each other one.
 *
 * @param dataset name of the data set
 * @param rowSet which rows they are
 * @param candidatesHash content hash of the candidates all runs share
 * @param rowCount number of evaluated rows
 * @param users number of users they belong to
 * @param rows a line a method, in the order of {@link Method}, forms of a method after it, others
 *     at the end as given
 * @param tests the reference method against each other one, on HR@1 and HR and NDCG at 3 and 5;
 *     empty without a reference
 */
public record ResultTable(
    String dataset,
    CaseSet rowSet,
    String candidatesHash,
    int rowCount,
    int users,
    List<MethodScores> rows,
    List<PairedTest> tests) {
  /** What iLoRA gains over LLaRA in HR@1 on the average of the paper's data sets, its claim. */
  public static final double PAPER_GAIN = 0.114;

  private static final List<Metric> TESTED =
      List.of(Metric.HR_1, Metric.HR_3, Metric.NDCG_3, Metric.HR_5, Metric.NDCG_5);

  /** Copies the lists. */
  public ResultTable {
    rows = List.copyOf(rows);
    tests = List.copyOf(tests);
  }

  /**
   * Compares runs on their test rows, see {@link #of(CaseSet, List, String, Bootstrap)}.
   *
   * @throws IllegalArgumentException as there
   */
  public static ResultTable of(List<RunResult> runs, String reference, Bootstrap bootstrap) {
    return of(CaseSet.TEST, runs, reference, bootstrap);
  }

  /**
   * Compares runs.
   *
   * @param rowSet which rows the results are on
   * @param runs runs of one or several methods and seeds
   * @param reference method tested against each other one, or null; ignored if there is no run of
   *     it
   * @throws IllegalArgumentException if there are no runs, a method has one seed twice, or runs
   *     hold different rows or candidates, naming both hashes
   */
  public static ResultTable of(
      CaseSet rowSet, List<RunResult> runs, String reference, Bootstrap bootstrap) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to compare");
    }
    Outcomes first = runs.getFirst().predictions();
    runs.forEach(run -> first.requireSameRows(run.predictions()));
    requireDistinct(runs);
    Map<String, List<RunResult>> methods = byMethod(runs, RunResult::manifest);
    List<MethodScores> rows =
        methods.values().stream().map(seeds -> MethodScores.of(seeds, bootstrap)).toList();
    return new ResultTable(
        runs.getFirst().manifest().dataset(),
        rowSet,
        first.candidatesHash(),
        first.rows().size(),
        (int) first.rows().stream().map(row -> row.user()).distinct().count(),
        rows,
        tests(methods, reference, bootstrap));
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
    List<PairedTest> tests =
        tables.stream()
            .flatMap(table -> table.headline().stream())
            .filter(test -> test.metric() == Metric.HR_1 && test.gain() != null)
            .toList();
    return tests.size() < tables.size()
        ? OptionalDouble.empty()
        : tests.stream().mapToDouble(test -> test.gain().estimate()).average();
  }

  /** The table as aligned text with its tests below. */
  public String text() {
    return ResultTableText.text(this);
  }

  /** The table as Markdown with its tests below. */
  public String markdown() {
    return ResultTableText.markdown(this);
  }

  /** The table as maps and lists, for JSON. */
  public Map<String, Object> json() {
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("dataset", dataset);
    table.put("row_set", rowSet.name().toLowerCase(Locale.ROOT));
    table.put("candidates_hash", candidatesHash);
    table.put("rows", rowCount);
    table.put("users", users);
    table.put("methods", rows.stream().map(ResultTable::json).toList());
    table.put("paired_tests", tests.stream().map(ResultTable::json).toList());
    if (!headline().isEmpty()) {
      Map<String, Object> gain = new LinkedHashMap<>();
      headline().forEach(test -> gain.put(test.metric().key(), gain(test)));
      gain.put("paper_hr@1", PAPER_GAIN);
      table.put("gain_of_ilora_over_llara", gain);
    }
    return table;
  }

  private static Map<String, Object> json(MethodScores row) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("method", row.method());
    line.put("seeds", row.seeds());
    row.figures().forEach((metric, interval) -> line.put(metric.key(), json(interval)));
    line.put("hr@1_seed_deviation", row.seedDeviation());
    line.put("seconds", row.seconds());
    return line;
  }

  private static Map<String, Object> json(PairedTest test) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("first", test.first());
    line.put("second", test.second());
    line.put("metric", test.metric().key());
    line.put("difference", json(test.difference()));
    line.put("gain", gain(test));
    line.put("p_bootstrap", test.p());
    if (test.metric() == Metric.HR_1) {
      line.put("only_first", test.mcNemar().onlyFirst());
      line.put("only_second", test.mcNemar().onlySecond());
      line.put("p_mcnemar", test.mcNemar().p());
    }
    return line;
  }

  private static Map<String, Double> gain(PairedTest test) {
    return test.gain() == null ? null : json(test.gain());
  }

  static Map<String, Double> json(Interval interval) {
    Map<String, Double> line = new LinkedHashMap<>();
    line.put("estimate", interval.estimate());
    line.put("low", interval.low());
    line.put("high", interval.high());
    return line;
  }

  private static void requireDistinct(List<RunResult> runs) {
    Set<String> seen = new HashSet<>();
    for (RunResult run : runs) {
      Outcomes p = run.predictions();
      if (!seen.add(p.method() + "\n" + p.seed())) {
        throw new IllegalArgumentException(
            p.method() + " with seed " + p.seed() + " is given twice");
      }
    }
  }

  /**
   * Runs by the name of their method: in the order of {@link Method}, forms of a method after it,
   * others at the end.
   */
  static <T> Map<String, List<T>> byMethod(List<T> runs, Function<T, Manifest> manifest) {
    List<T> sorted = new ArrayList<>(runs);
    sorted.sort(
        Comparator.comparing(
            manifest,
            Comparator.<Manifest>comparingInt(m -> place(m.family()))
                .thenComparing(m -> !m.method().equals(m.family()))));
    Map<String, List<T>> methods = new LinkedHashMap<>();
    for (T run : sorted) {
      methods.computeIfAbsent(manifest.apply(run).method(), _ -> new ArrayList<>()).add(run);
    }
    return methods;
  }

  private static int place(String method) {
    for (Method known : Method.values()) {
      if (known.label().equals(method)) {
        return known.ordinal();
      }
    }
    return Method.values().length;
  }

  private static List<PairedTest> tests(
      Map<String, List<RunResult>> methods, String reference, Bootstrap bootstrap) {
    List<PairedTest> tests = new ArrayList<>();
    for (String other : methods.keySet()) {
      if (methods.containsKey(reference) && !other.equals(reference)) {
        List<Outcomes> a = predictions(methods.get(reference));
        List<Outcomes> b = predictions(methods.get(other));
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

  private static List<Outcomes> predictions(List<RunResult> runs) {
    return runs.stream().map(RunResult::predictions).toList();
  }
}
