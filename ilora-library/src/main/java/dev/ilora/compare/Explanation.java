package dev.ilora.compare;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Run;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Outcomes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a method gains and what every method costs: the gain by groups of cases, the experts' weights
 * by the same groups, time and memory. What a {@link ResultTable} does not say of the same runs.
 *
 * @param dataset name of the data set
 * @param gains a table for each property of cases; empty where no run holds facts of its cases
 * @param experts weights of each gated run, by known groups where there are any, and by cluster
 * @param costs a line a method, in the order of {@link ResultTable#methods}
 */
public record Explanation(
    String dataset, List<GainTable> gains, List<ExpertMix> experts, List<MethodCost> costs) {
  /** Copies the lists. */
  public Explanation {
    gains = List.copyOf(gains);
    experts = List.copyOf(experts);
    costs = List.copyOf(costs);
  }

  /**
   * Explains runs on the same candidates; facts of the cases are those of the first run that holds
   * any.
   *
   * @param runs at least one, all evaluated on the test cases
   * @param first name of the method whose gain is shown
   * @param second name of the method it is compared with; gains are left out without runs of both
   * @throws IllegalArgumentException if runs or facts are of other cases
   */
  public static Explanation of(List<Run> runs, String first, String second, Bootstrap bootstrap) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to explain");
    }
    Outcomes one = runs.getFirst().on(CaseSet.TEST);
    runs.forEach(run -> one.requireSameRows(run.on(CaseSet.TEST)));
    Optional<CaseFacts> facts = runs.stream().flatMap(run -> run.facts().stream()).findFirst();
    facts.ifPresent(found -> requireSameCases(found, one));
    Map<String, List<Run>> methods = MethodOrder.byMethod(runs);
    List<CaseGroups> groupings = facts.map(CaseGroups::of).orElse(List.of());
    Map<String, List<Outcomes>> outcomes = new LinkedHashMap<>();
    methods.forEach(
        (method, own) ->
            outcomes.put(method, own.stream().map(run -> run.on(CaseSet.TEST)).toList()));
    return new Explanation(
        runs.getFirst().record().inputs().data().name(),
        groupings.stream()
            .map(groups -> GainTable.of(groups, outcomes, first, second, bootstrap))
            .toList(),
        experts(methods, groupings),
        methods.values().stream().map(MethodCost::of).toList());
  }

  private static void requireSameCases(CaseFacts facts, Outcomes outcomes) {
    String hash = facts.about().candidatesHash();
    if (!hash.equals(outcomes.candidatesHash())) {
      throw new IllegalArgumentException(
          "facts are of cases with candidates %s, the runs have %s"
              .formatted(hash, outcomes.candidatesHash()));
    }
  }

  private static List<ExpertMix> experts(
      Map<String, List<Run>> methods, List<CaseGroups> groupings) {
    List<CaseGroups> clusters =
        groupings.stream().filter(g -> g.property().equals(CaseGroups.CLUSTER)).toList();
    List<ExpertMix> mixes = new ArrayList<>();
    for (Run run : methods.values().stream().flatMap(List::stream).toList()) {
      List<ExpertWeights> cases = run.experts();
      boolean known = cases.stream().anyMatch(row -> row.group().isPresent());
      if (!cases.isEmpty() && (known || clusters.isEmpty())) {
        mixes.add(ExpertMix.byKnownGroup(run.title(), cases));
      }
      if (!cases.isEmpty()) {
        clusters.forEach(grouping -> mixes.add(ExpertMix.by(grouping, run.title(), cases)));
      }
    }
    return mixes;
  }

  /** Everything as aligned text. */
  public String text() {
    return ExplanationContent.of(this).text();
  }

  /** Everything as Markdown. */
  public String markdown() {
    return ExplanationContent.of(this).markdown();
  }

  /** Everything as maps and lists, for JSON. */
  public Map<String, Object> json() {
    return ExplanationContent.of(this).json();
  }
}
