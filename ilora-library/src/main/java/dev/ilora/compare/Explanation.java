package dev.ilora.compare;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.EvaluatedRun;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Method;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Outcomes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a method gains and what every method costs: the gain by groups of rows, the experts' weights
 * by the same groups, time and memory. What a {@link ResultTable} does not say of the same runs.
 *
 * @param dataset name of the data set
 * @param gains a table for each property of rows; empty where no run holds facts of its rows
 * @param experts weights of each gated run, by known groups where there are any, and by cluster
 * @param costs a line a method, in the order of {@link ResultTable#rows}
 */
public record Explanation(
    String dataset, List<GainTable> gains, List<ExpertMix> experts, List<MethodCost> costs) {
  /** The method over which a gain is shown where nothing else is asked for. */
  public static final String USUAL = Method.LLARA.label();

  /** Copies the lists. */
  public Explanation {
    gains = List.copyOf(gains);
    experts = List.copyOf(experts);
    costs = List.copyOf(costs);
  }

  /**
   * Explains runs on the same candidates.
   *
   * @param runs evaluated runs, at least one
   * @param facts what is known of their rows, or empty
   * @param first the method whose gain is shown
   * @param second the method it is compared with; gains are left out without runs of both
   * @throws IllegalArgumentException if runs or facts are of other rows
   */
  public static Explanation of(
      List<EvaluatedRun> runs,
      Optional<CaseFacts> facts,
      String first,
      String second,
      Bootstrap bootstrap) {
    requireSameRows(runs, facts);
    Map<String, List<EvaluatedRun>> methods = ResultTable.byMethod(runs, EvaluatedRun::manifest);
    List<CaseGroups> groupings = facts.map(CaseGroups::of).orElse(List.of());
    Map<String, List<Outcomes>> predictions = new LinkedHashMap<>();
    methods.forEach(
        (method, own) ->
            predictions.put(method, own.stream().map(EvaluatedRun::predictions).toList()));
    return new Explanation(
        runs.getFirst().manifest().dataset(),
        groupings.stream()
            .map(groups -> GainTable.of(groups, predictions, first, second, bootstrap))
            .toList(),
        experts(methods, groupings),
        methods.values().stream().map(MethodCost::of).toList());
  }

  /**
   * As {@link #of} for the test rows of run folders; facts are those of the first run that holds
   * any.
   */
  public static Explanation read(
      List<RunFolder> folders, String first, String second, Bootstrap bootstrap) {
    return of(
        folders.stream().map(EvaluatedRun::read).toList(),
        folders.stream().flatMap(folder -> folder.rowFacts().stream()).findFirst(),
        first,
        second,
        bootstrap);
  }

  private static void requireSameRows(List<EvaluatedRun> runs, Optional<CaseFacts> facts) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to explain");
    }
    Outcomes one = runs.getFirst().predictions();
    runs.forEach(run -> one.requireSameRows(run.predictions()));
    facts
        .map(CaseFacts::candidatesHash)
        .filter(hash -> !hash.equals(one.candidatesHash()))
        .ifPresent(
            hash -> {
              throw new IllegalArgumentException(
                  "facts are of rows with candidates %s, the runs have %s"
                      .formatted(hash, one.candidatesHash()));
            });
  }

  private static List<ExpertMix> experts(
      Map<String, List<EvaluatedRun>> methods, List<CaseGroups> groupings) {
    List<ExpertMix> mixes = new ArrayList<>();
    for (EvaluatedRun run : methods.values().stream().flatMap(List::stream).toList()) {
      List<ExpertWeights> rows = run.experts();
      String name = run.method() + ", seed " + run.predictions().seed();
      List<CaseGroups> clusters =
          groupings.stream().filter(g -> g.property().equals(CaseGroups.CLUSTER)).toList();
      boolean known = rows.stream().anyMatch(row -> row.group() != null);
      if (!rows.isEmpty() && (known || clusters.isEmpty())) {
        mixes.add(ExpertMix.byKnownGroup(name, rows));
      }
      if (!rows.isEmpty()) {
        clusters.forEach(grouping -> mixes.add(ExpertMix.by(grouping, name, rows)));
      }
    }
    return mixes;
  }

  /** Everything as aligned text. */
  public String text() {
    return ExplanationText.text(this);
  }

  /** Everything as Markdown. */
  public String markdown() {
    return ExplanationText.markdown(this);
  }

  /** Everything as maps and lists, for JSON. */
  public Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dataset", dataset);
    fields.put("gains", gains.stream().map(GainTable::json).toList());
    fields.put("experts", experts.stream().map(ExpertMix::json).toList());
    fields.put("costs", costs.stream().map(MethodCost::json).toList());
    return fields;
  }
}
