package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseFacts.CaseFact;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.MadeUpFacts;
import dev.ilora.runs.MadeUpRun;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunRecord;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import dev.ilora.statistics.RandomRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ExplanationTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);
  private static final List<Run> RUNS =
      List.of(
          run("iLoRA", 1, 0.6), run("iLoRA", 2, 0.6), run("LLaRA", 1, 0.4), run("SASRec", 1, 0.5));
  private static final CaseFacts FACTS = MadeUpFacts.of(RUNS.getFirst().on(CaseSet.TEST));
  private static final Explanation WHOLE = explained(RUNS, Optional.of(FACTS), "LLaRA");

  private static Run run(String name, long seed, double skill) {
    Outcomes outcomes = RandomRows.predictions(name, seed, skill);
    RunRecord record =
        MadeUpRun.record(name, seed)
            .withTrainedParameters(1234)
            .plus(Phase.TRAIN, new Cost(10 * seed, OptionalInt.of(2), OptionalLong.of(seed << 28)))
            .plus(Phase.EVALUATE, new Cost(12, OptionalInt.of(2), OptionalLong.of(1 << 20)));
    return MadeUpRun.of(record, CaseSet.TEST, outcomes, experts(name, outcomes), Optional.empty());
  }

  private static Explanation explained(List<Run> runs, Optional<CaseFacts> facts, String second) {
    return Explanation.of(
        runs.stream().map(run -> with(run, facts)).toList(), "iLoRA", second, BOOTSTRAP);
  }

  private static Run with(Run run, Optional<CaseFacts> facts) {
    return MadeUpRun.of(run.record(), CaseSet.TEST, run.on(CaseSet.TEST), run.experts(), facts);
  }

  /** Weights that depend on the cluster of {@link MadeUpFacts} alone. */
  private static List<ExpertWeights> experts(String method, Outcomes predictions) {
    List<ExpertWeights> rows = new ArrayList<>();
    for (var row : method.equals("iLoRA") ? predictions.rows() : List.<Outcome>of()) {
      double[] weights = {0.1, 0.1, 0.1};
      weights[row.row() % 3] += 0.7;
      rows.add(new ExpertWeights(row.row(), row.user(), Optional.empty(), weights));
    }
    return rows;
  }

  @Test
  void theGainsOfGroupsAreThoseOfTheirCasesAlone() {
    CaseGroups groups = CaseGroups.byHistory(FACTS);
    GainTable table = WHOLE.gains().getFirst();
    assertEquals(groups.groups().size() + 1, table.lines().size());
    for (int g = 0; g < groups.groups().size(); g++) {
      var rows = groups.groups().get(g).cases();
      GainTable.Line line = table.lines().get(g);
      PairedTest test =
          PairedTest.of(
              List.of(
                  RUNS.get(0).on(CaseSet.TEST).only(rows), RUNS.get(1).on(CaseSet.TEST).only(rows)),
              List.of(RUNS.get(2).on(CaseSet.TEST).only(rows)),
              Metric.HR_1,
              BOOTSTRAP);
      Interval gain = line.gain().orElseThrow().difference().orElseThrow();
      assertEquals(test.difference(), gain);
      assertEquals(test.rows(), line.cases());
      assertEquals(test.users(), line.users());
      assertEquals(line.hits().get("iLoRA") - line.hits().get("LLaRA"), gain.estimate(), 1e-12);
    }
  }

  @Test
  void thePartsOfAGainAddUpToTheWhole() {
    for (GainTable table : WHOLE.gains()) {
      GainTable.Line all = table.lines().getLast();
      assertEquals(GainTable.ALL, all.group());
      assertEquals(120, all.cases());
      GainTable.Gain whole = all.gain().orElseThrow();
      assertEquals(whole.difference().orElseThrow().estimate(), whole.part(), 1e-12);
      double sum =
          table.lines().stream()
              .filter(line -> !line.group().equals(GainTable.ALL))
              .mapToDouble(line -> line.gain().orElseThrow().part())
              .sum();
      assertEquals(whole.part(), sum, 1e-12);
    }
  }

  @Test
  void aGroupOfFewerThanTenUsersHasNoInterval() {
    List<CaseFact> facts =
        FACTS.cases().stream()
            .map(
                fact ->
                    new CaseFact(
                        fact.index(),
                        fact.user(),
                        fact.index() < 4 * 9 ? 3 : fact.index() < 4 * 19 ? 5 : 10,
                        1,
                        1))
            .toList();
    GainTable table =
        explained(RUNS, Optional.of(new CaseFacts(about("sha256:aa"), facts)), "LLaRA")
            .gains()
            .getFirst();
    assertEquals(9, table.lines().getFirst().users());
    assertTrue(table.lines().getFirst().gain().orElseThrow().difference().isEmpty());
    assertEquals(10, table.lines().get(1).users());
    assertTrue(table.lines().get(1).gain().orElseThrow().difference().isPresent());
  }

  private static CaseFacts.About about(String candidatesHash) {
    return new CaseFacts.About(candidatesHash, 10, Optional.empty());
  }

  @Test
  void withoutTheTwoMethodsGroupsShowHitsAlone() {
    for (String second : List.of("TALLRec", "iLoRA")) {
      Explanation alone = explained(RUNS, Optional.of(FACTS), second);
      GainTable table = alone.gains().getFirst();
      assertEquals(Optional.empty(), table.compared());
      assertEquals(Optional.empty(), table.lines().getFirst().gain());
      assertEquals(3, table.lines().getFirst().hits().size());
      assertTrue(!alone.text().contains("iLoRA - "), alone.text());
    }
  }

  /** Forms of a method stand after it, and any of them can be compared with any other. */
  @Test
  void formsOfAMethodAreExplainedUnderTheirNames() {
    Run plain = RUNS.getFirst();
    Run slot = run("iLoRA + user slot", 1, 0.5);
    List<Run> runs =
        List.of(
            run("zz", 1, 0.1),
            MadeUpRun.of(
                slot.record(),
                CaseSet.TEST,
                slot.on(CaseSet.TEST),
                plain.experts(),
                Optional.empty()),
            plain,
            RUNS.get(2));
    Explanation forms = explained(runs, Optional.of(FACTS), "iLoRA + user slot");
    GainTable table = forms.gains().getFirst();
    assertEquals(
        List.of("LLaRA", "iLoRA", "zz", "iLoRA + user slot"),
        List.copyOf(table.lines().getFirst().hits().keySet()));
    assertEquals(Optional.of(new GainTable.Pair("iLoRA", "iLoRA + user slot")), table.compared());
    assertEquals(
        List.of("iLoRA, seed 1", "iLoRA + user slot, seed 1"),
        forms.experts().stream().map(ExpertMix::run).toList());
    assertEquals(
        List.of("LLaRA", "iLoRA", "zz", "iLoRA + user slot"),
        forms.costs().stream().map(MethodCost::method).toList());
  }

  @Test
  void clustersThatDecideTheWeightsExplainAllTheirVariance() {
    ExpertMix mix = WHOLE.experts().getFirst();
    assertEquals("iLoRA, seed 1", mix.run());
    assertEquals(2, WHOLE.experts().size());
    assertEquals(1, mix.betweenShare(), 1e-12);
    assertEquals(0.8, mix.groups().getFirst().weights()[0], 1e-12);
    assertEquals(1.0 / 3, mix.groups().getLast().weights()[0], 1e-12);
    double entropy = -(0.8 * Math.log(0.8) + 0.2 * Math.log(0.1)) / Math.log(3);
    assertEquals(entropy, mix.entropy(), 1e-12);
  }

  @Test
  void withoutFactsThereAreCostsAndTheExpertsOfAllCases() {
    Explanation plain = explained(RUNS, Optional.empty(), "LLaRA");
    assertEquals(List.of(), plain.gains());
    assertEquals(
        List.of("no group", "all cases"),
        plain.experts().getFirst().groups().stream().map(ExpertMix.Group::name).toList());
    assertEquals(WHOLE.costs(), plain.costs());
  }

  @Test
  void aMethodsCostIsTheMeanOverItsSeedsAndItsLargestPeak() {
    assertEquals(
        List.of("SASRec", "LLaRA", "iLoRA"),
        WHOLE.costs().stream().map(MethodCost::method).toList());
    assertEquals(
        new MethodCost(
            "iLoRA",
            2,
            OptionalLong.of(1234),
            OptionalInt.of(2),
            15,
            12,
            100,
            OptionalLong.of(2L << 28)),
        WHOLE.costs().getLast());
  }

  @Test
  void whatARunDoesNotSayOfItsCostIsLeftOpen() {
    Run run = MadeUpRun.of(MadeUpRun.record("SASRec", 1), RandomRows.predictions("SASRec", 1, 0));
    assertEquals(
        new MethodCost(
            "SASRec", 1, OptionalLong.empty(), OptionalInt.empty(), 0, 0, 0, OptionalLong.empty()),
        MethodCost.of(List.of(run)));
    String text = explained(List.of(run), Optional.empty(), "LLaRA").text();
    assertTrue(
        text.endsWith(
            "SASRec                          -        -      0.0         0.0        0.0        "
                + " -\n"),
        text);
  }

  @Test
  void runsAtTheSameTimeCostWhatTheirFirstStepsTookAlone() {
    RunRecord together =
        MadeUpRun.record("SASRec", 1)
            .plus(Phase.REHEARSE, new Cost(3, OptionalInt.of(1), OptionalLong.of(77)));
    Run run = MadeUpRun.of(together, RandomRows.predictions("SASRec", 1, 0));
    MethodCost cost = MethodCost.of(List.of(run));
    assertEquals(OptionalLong.of(77), cost.peakBytes());
    assertEquals(OptionalInt.empty(), cost.threads());
  }

  @Test
  void textAndJsonHoldEverything() {
    List<String> lines = WHOLE.text().lines().toList();
    assertEquals("What the gate of iLoRA, seed 1 does:", lines.getFirst());
    int groups = lines.indexOf("HR@1 by groups of cases; 95 % intervals clustered by user.");
    assertEquals(
        "History length  cases  users  SASRec   LLaRA   iLoRA  iLoRA - LLaRA [95 % interval]  part"
            + " of it",
        lines.get(groups + 2));
    assertTrue(
        WHOLE.text().contains("iLoRA, seed 2   user cluster                  100.0 %"),
        WHOLE.text());
    assertTrue(
        WHOLE.text().contains("iLoRA                       1,234        2       15"), WHOLE.text());
    assertTrue(WHOLE.markdown().contains("\n\n| History length | cases | users |"));
    assertTrue(WHOLE.markdown().contains("\n\n| Cost of a run | trained parameters |"));
    var json = JsonMapper.builder().build().valueToTree(WHOLE.json());
    assertEquals("demo", json.get("dataset").stringValue());
    assertEquals(3, json.get("gains").size());
    assertEquals("3", json.at("/gains/0/groups/0/group").stringValue());
    assertTrue(json.at("/gains/0/groups/0/gain/low").isNumber());
    double parts = 0;
    for (var group : json.at("/gains/1/groups")) {
      parts += group.get("partOfGain").doubleValue();
    }
    // The last group is all cases.
    assertEquals(
        2 * WHOLE.gains().get(1).lines().getLast().gain().orElseThrow().part(), parts, 1e-9);
    assertEquals(1, json.at("/experts/0/betweenShare").doubleValue(), 1e-12);
    assertEquals(0.8, json.at("/experts/0/groups/0/weights/0").doubleValue(), 1e-12);
    assertTrue(json.at("/gains/0/groups/0/hr@1/LLaRA").isNumber());
    assertEquals(1234, json.at("/costs/0/trainedParameters").intValue());
    assertEquals("User cluster", json.at("/gates/0/property").stringValue());
    assertEquals(0.8, json.at("/gates/0/groups/0/weights/0").doubleValue(), 1e-12);
    assertEquals(5, json.at("/gates/0/sentences").size());
  }

  @Test
  void aGateIsShownOnceAMethodByWhatIsKnownOfItsUsers() {
    assertEquals(List.of("iLoRA, seed 1"), WHOLE.gates().stream().map(GateStory::run).toList());
    assertEquals(Optional.of("LLaRA"), WHOLE.gates().getFirst().other());
    List<Run> grouped = RUNS.stream().map(ExplanationTest::grouped).toList();
    Explanation known = explained(grouped, Optional.of(FACTS), "LLaRA");
    assertEquals("Group", known.gains().getFirst().property());
    assertEquals(
        List.of("even", "odd", "all cases"),
        known.gates().getFirst().gains().lines().stream().map(GainTable.Line::group).toList());
    assertEquals(List.of(), explained(RUNS, Optional.empty(), "LLaRA").gates());
  }

  private static Run grouped(Run run) {
    List<ExpertWeights> experts =
        run.experts().stream()
            .map(
                one ->
                    new ExpertWeights(
                        one.index(),
                        one.user(),
                        Optional.of(one.index() % 2 == 0 ? "even" : "odd"),
                        one.weights()))
            .toList();
    return MadeUpRun.of(
        run.record(), CaseSet.TEST, run.on(CaseSet.TEST), experts, Optional.empty());
  }

  @Test
  void runsAndFactsOfOtherCasesAreRefused() {
    assertRefused("no runs to explain", List.of(), FACTS);
    CaseFacts other = new CaseFacts(about("sha256:bb"), FACTS.cases());
    assertRefused(
        "facts are of cases with candidates sha256:bb, the runs have sha256:aa", RUNS, other);
    CaseFacts more = new CaseFacts(about("sha256:aa"), List.of(new CaseFact(999, "u", 3, 1, 0)));
    assertRefused("SASRec, seed 1: 0 of the 1 cases of group '3'", RUNS, more);
  }

  private static void assertRefused(String message, List<Run> runs, CaseFacts facts) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> explained(runs, Optional.of(facts), "LLaRA"))
            .getMessage());
  }
}
