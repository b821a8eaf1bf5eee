package dev.ilora.results;

import dev.ilora.eval.Bootstrap;
import dev.ilora.eval.Interval;
import dev.ilora.eval.Metric;
import dev.ilora.eval.PairedTest;
import dev.ilora.eval.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Methods compared on the same rows and candidates: a line a method with the mean over its seeds
 * and 95 % intervals over users, and paired tests of one method against each other one.
 *
 * @param candidatesHash content hash of the candidates all runs share
 * @param rowCount number of evaluated rows
 * @param users number of users they belong to
 * @param rows a line a method, in the order of {@link #METHODS}, others after them as given
 * @param tests the reference method against each other one, on HR@1 and NDCG@5; empty without a
 *     reference
 */
public record ResultTable(
    String candidatesHash, int rowCount, int users, List<ResultRow> rows, List<PairedTest> tests) {
  /** Names of the methods in the order of the papers' tables. */
  public static final List<String> METHODS =
      List.of(
          "Popularity", "GRU4Rec", "Caser", "SASRec", "Zero-shot LLM", "TALLRec", "LLaRA", "iLoRA");

  private static final List<Metric> TESTED = List.of(Metric.HR_1, Metric.NDCG_5);

  /** Copies the lists. */
  public ResultTable {
    rows = List.copyOf(rows);
    tests = List.copyOf(tests);
  }

  /**
   * Compares runs.
   *
   * @param runs runs of one or several methods and seeds
   * @param reference method tested against each other one, or null; ignored if there is no run of
   *     it
   * @throws IllegalArgumentException if there are no runs, a method has one seed twice, or runs
   *     hold different rows or candidates, naming both hashes
   */
  public static ResultTable of(List<RunResult> runs, String reference, Bootstrap bootstrap) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to compare");
    }
    Predictions first = runs.getFirst().predictions();
    runs.forEach(run -> first.requireSameRows(run.predictions()));
    requireDistinct(runs);
    Map<String, List<RunResult>> methods = byMethod(runs, run -> run.predictions().method());
    List<ResultRow> rows =
        methods.values().stream().map(seeds -> ResultRow.of(seeds, bootstrap)).toList();
    return new ResultTable(
        first.candidatesHash(),
        first.rows().size(),
        (int) first.rows().stream().map(row -> row.user()).distinct().count(),
        rows,
        tests(methods, reference, bootstrap));
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
    table.put("candidates_hash", candidatesHash);
    table.put("rows", rowCount);
    table.put("users", users);
    table.put("methods", rows.stream().map(ResultTable::json).toList());
    table.put("paired_tests", tests.stream().map(ResultTable::json).toList());
    return table;
  }

  private static Map<String, Object> json(ResultRow row) {
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
    line.put("p_bootstrap", test.p());
    if (test.metric() == Metric.HR_1) {
      line.put("only_first", test.mcNemar().onlyFirst());
      line.put("only_second", test.mcNemar().onlySecond());
      line.put("p_mcnemar", test.mcNemar().p());
    }
    return line;
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
      Predictions p = run.predictions();
      if (!seen.add(p.method() + "\n" + p.seed())) {
        throw new IllegalArgumentException(
            p.method() + " with seed " + p.seed() + " is given twice");
      }
    }
  }

  /** Runs by the name of their method, in the order of {@link #METHODS}, others after them. */
  static <T> Map<String, List<T>> byMethod(List<T> runs, Function<T, String> method) {
    List<T> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparingInt(run -> place(method.apply(run))));
    Map<String, List<T>> methods = new LinkedHashMap<>();
    for (T run : sorted) {
      methods.computeIfAbsent(method.apply(run), _ -> new ArrayList<>()).add(run);
    }
    return methods;
  }

  private static int place(String method) {
    int place = METHODS.indexOf(method);
    return place < 0 ? METHODS.size() : place;
  }

  private static List<PairedTest> tests(
      Map<String, List<RunResult>> methods, String reference, Bootstrap bootstrap) {
    List<PairedTest> tests = new ArrayList<>();
    for (String other : methods.keySet()) {
      if (methods.containsKey(reference) && !other.equals(reference)) {
        List<Predictions> a = predictions(methods.get(reference));
        List<Predictions> b = predictions(methods.get(other));
        TESTED.stream()
            .filter(metric -> defined(a, metric) && defined(b, metric))
            .forEach(metric -> tests.add(PairedTest.of(a, b, metric, bootstrap)));
      }
    }
    return tests;
  }

  private static boolean defined(List<Predictions> runs, Metric metric) {
    return runs.stream().allMatch(run -> metric.definedFor(run.rows()));
  }

  private static List<Predictions> predictions(List<RunResult> runs) {
    return runs.stream().map(RunResult::predictions).toList();
  }
}
