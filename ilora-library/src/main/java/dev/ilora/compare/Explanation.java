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
 * by the same groups, time and memory, and cases by name. What a {@link ResultTable} does not say
 * of the same runs.
 *
 * @param dataset name of the data set
 * @param gains a table for each property of cases; empty where nothing is known of the cases
 * @param experts weights of each gated run, by known groups where there are any, and by cluster
 * @param gates what the gate of each gated method does, that of its first seed, by known groups, or
 *     else by cluster, or else by the length of histories
 * @param costs a line a method, in the order of {@link ResultTable#methods}
 * @param examples a few cases by name
 */
public record Explanation(
    String dataset,
    List<GainTable> gains,
    List<ExpertMix> experts,
    List<GateStory> gates,
    List<MethodCost> costs,
    List<Example> examples) {
  /** Groups that may differ in what the gate does, the most telling first. */
  private static final List<String> TELLING = List.of(CaseGroups.KNOWN, CaseGroups.CLUSTER);

  /** Copies the lists. */
  public Explanation {
    gains = List.copyOf(gains);
    experts = List.copyOf(experts);
    gates = List.copyOf(gates);
    costs = List.copyOf(costs);
    examples = List.copyOf(examples);
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
    List<CaseGroups> groupings = groupings(runs, facts);
    Map<String, List<Outcomes>> outcomes = new LinkedHashMap<>();
    methods.forEach(
        (method, own) ->
            outcomes.put(method, own.stream().map(run -> run.on(CaseSet.TEST)).toList()));
    List<GainTable> gains =
        groupings.stream()
            .map(groups -> GainTable.of(groups, outcomes, first, second, bootstrap))
            .toList();
    return new Explanation(
        runs.getFirst().record().inputs().data().name(),
        gains,
        experts(methods, groupings),
        gates(methods, groupings, gains),
        methods.values().stream().map(MethodCost::of).toList(),
        Example.of(methods));
  }

  private static void requireSameCases(CaseFacts facts, Outcomes outcomes) {
    String hash = facts.about().candidatesHash();
    if (!hash.equals(outcomes.candidatesHash())) {
      throw new IllegalArgumentException(
          "facts are of cases with candidates %s, the runs have %s"
              .formatted(hash, outcomes.candidatesHash()));
    }
  }

  /** Known groups, where there are any, before those that the facts allow. */
  private static List<CaseGroups> groupings(List<Run> runs, Optional<CaseFacts> facts) {
    List<CaseGroups> groupings = new ArrayList<>();
    runs.stream()
        .map(Run::experts)
        .filter(cases -> cases.stream().anyMatch(one -> one.group().isPresent()))
        .findFirst()
        .map(CaseGroups::byKnownGroup)
        .ifPresent(groupings::add);
    facts.map(CaseGroups::of).ifPresent(groupings::addAll);
    return groupings;
  }

  private static List<GateStory> gates(
      Map<String, List<Run>> methods, List<CaseGroups> groupings, List<GainTable> gains) {
    List<String> properties = groupings.stream().map(CaseGroups::property).toList();
    int place =
        TELLING.stream()
            .filter(properties::contains)
            .findFirst()
            .map(properties::indexOf)
            .orElse(0);
    return groupings.isEmpty()
        ? List.of()
        : methods.values().stream()
            .map(List::getFirst)
            .filter(run -> !run.experts().isEmpty())
            .map(run -> gate(run, groupings.get(place), gains.get(place)))
            .toList();
  }

  private static GateStory gate(Run run, CaseGroups groups, GainTable gains) {
    ExpertMix mix = ExpertMix.by(groups, run.title(), run.experts());
    return GateStory.of(run.title(), run.method(), mix, gains);
  }

  /** By known groups and by cluster, or else in one group. */
  private static List<ExpertMix> experts(
      Map<String, List<Run>> methods, List<CaseGroups> groupings) {
    List<CaseGroups> telling =
        groupings.stream().filter(g -> TELLING.contains(g.property())).toList();
    List<ExpertMix> mixes = new ArrayList<>();
    for (Run run : methods.values().stream().flatMap(List::stream).toList()) {
      List<ExpertWeights> cases = run.experts();
      if (!cases.isEmpty()) {
        List<CaseGroups> shown =
            telling.isEmpty() ? List.of(CaseGroups.byKnownGroup(cases)) : telling;
        shown.forEach(grouping -> mixes.add(ExpertMix.by(grouping, run.title(), cases)));
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
