package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseFacts.CaseFact;
import dev.ilora.runs.Environment;
import dev.ilora.runs.EvaluatedRun;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.MadeUpFacts;
import dev.ilora.runs.Manifest;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import dev.ilora.statistics.RandomRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ExplanationTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);
  private static final List<EvaluatedRun> RUNS =
      List.of(
          run("iLoRA", 1, 0.6), run("iLoRA", 2, 0.6), run("LLaRA", 1, 0.4), run("SASRec", 1, 0.5));
  private static final CaseFacts FACTS = MadeUpFacts.of(RUNS.getFirst().predictions());
  private static final Explanation WHOLE =
      Explanation.of(RUNS, Optional.of(FACTS), "iLoRA", "LLaRA", BOOTSTRAP);

  private static EvaluatedRun run(String method, long seed, double skill) {
    Outcomes predictions = RandomRows.predictions(method, seed, skill);
    Manifest manifest =
        Manifest.begin(method, seed, "demo", "h", Environment.current(2, "cpu"), NOON)
            .withSeconds(Manifest.TRAIN, 10 * seed)
            .withSeconds(Manifest.EVALUATE, 12)
            .withResource(Manifest.TRAINED_PARAMETERS, 1234)
            .withResource(Manifest.threads(Manifest.TRAIN), 2)
            .withResource(Manifest.peakBytes(Manifest.TRAIN), seed << 28)
            .withResource(Manifest.peakBytes(Manifest.EVALUATE), 1 << 20);
    return new EvaluatedRun(manifest, predictions, experts(method, predictions));
  }

  /** Weights that depend on the cluster of {@link MadeUpFacts} alone. */
  private static List<ExpertWeights> experts(String method, Outcomes predictions) {
    List<ExpertWeights> rows = new ArrayList<>();
    for (var row :
        method.equals("iLoRA") ? predictions.rows() : List.<dev.ilora.statistics.Outcome>of()) {
      double[] weights = {0.1, 0.1, 0.1};
      weights[row.row() % 3] += 0.7;
      rows.add(new ExpertWeights(row.row(), row.user(), null, weights));
    }
    return rows;
  }

  @Test
  void theGainsOfGroupsAreThoseOfTheirRowsAlone() {
    CaseGroups groups = CaseGroups.byHistory(FACTS);
    GainTable table = WHOLE.gains().getFirst();
    assertEquals(groups.groups().size() + 1, table.lines().size());
    for (int g = 0; g < groups.groups().size(); g++) {
      var rows = groups.groups().get(g).rows();
      GainTable.Line line = table.lines().get(g);
      PairedTest test =
          PairedTest.of(
              List.of(RUNS.get(0).predictions().only(rows), RUNS.get(1).predictions().only(rows)),
              List.of(RUNS.get(2).predictions().only(rows)),
              Metric.HR_1,
              BOOTSTRAP);
      assertEquals(test.difference(), line.gain());
      assertEquals(test.rows(), line.rows());
      assertEquals(test.users(), line.users());
      assertEquals(
          line.hits().get("iLoRA") - line.hits().get("LLaRA"), line.gain().estimate(), 1e-12);
    }
  }

  @Test
  void thePartsOfAGainAddUpToTheWhole() {
    for (GainTable table : WHOLE.gains()) {
      GainTable.Line all = table.lines().getLast();
      assertEquals(GainTable.ALL, all.group());
      assertEquals(120, all.rows());
      assertEquals(all.gain().estimate(), all.part(), 1e-12);
      double sum =
          table.lines().stream()
              .filter(l -> !l.group().equals(GainTable.ALL))
              .mapToDouble(GainTable.Line::part)
              .sum();
      assertEquals(all.part(), sum, 1e-12);
    }
  }

  @Test
  void aGroupOfFewerThanTenUsersHasNoInterval() {
    List<CaseFact> facts =
        FACTS.rows().stream()
            .map(
                fact ->
                    new CaseFact(
                        fact.row(),
                        fact.user(),
                        fact.row() < 4 * 9 ? 3 : fact.row() < 4 * 19 ? 5 : 10,
                        1,
                        1))
            .toList();
    GainTable table =
        Explanation.of(
                RUNS,
                Optional.of(new CaseFacts(FACTS.candidatesHash(), 10, null, facts)),
                "iLoRA",
                "LLaRA",
                BOOTSTRAP)
            .gains()
            .getFirst();
    assertEquals(9, table.lines().getFirst().users());
    assertNull(table.lines().getFirst().gain());
    assertEquals(10, table.lines().get(1).users());
    assertTrue(table.lines().get(1).gain() != null);
  }

  @Test
  void withoutTheTwoMethodsGroupsShowHitsAlone() {
    for (String second : List.of("TALLRec", "iLoRA")) {
      Explanation alone = Explanation.of(RUNS, Optional.of(FACTS), "iLoRA", second, BOOTSTRAP);
      GainTable table = alone.gains().getFirst();
      assertNull(table.first());
      assertNull(table.lines().getFirst().gain());
      assertEquals(3, table.lines().getFirst().hits().size());
      assertTrue(!alone.text().contains("iLoRA - "), alone.text());
    }
  }

  /** Forms of a method stand after it, and any of them can be compared with any other. */
  @Test
  void formsOfAMethodAreExplainedUnderTheirNames() {
    EvaluatedRun plain = RUNS.getFirst();
    EvaluatedRun slot = run("iLoRA + user slot", 1, 0.5);
    List<EvaluatedRun> runs =
        List.of(
            run("zz", 1, 0.1),
            new EvaluatedRun(
                slot.manifest().ofFamily("iLoRA"), slot.predictions(), plain.experts()),
            plain,
            RUNS.get(2));
    Explanation forms =
        Explanation.of(runs, Optional.of(FACTS), "iLoRA", "iLoRA + user slot", BOOTSTRAP);
    GainTable table = forms.gains().getFirst();
    assertEquals(
        List.of("LLaRA", "iLoRA", "iLoRA + user slot", "zz"),
        List.copyOf(table.lines().getFirst().hits().keySet()));
    assertEquals("iLoRA + user slot", table.second());
    assertEquals(
        List.of("iLoRA, seed 1", "iLoRA + user slot, seed 1"),
        forms.experts().stream().map(ExpertMix::run).toList());
    assertEquals(
        List.of("LLaRA", "iLoRA", "iLoRA + user slot", "zz"),
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
  void withoutFactsThereAreCostsAndTheExpertsOfAllRows() {
    Explanation plain = Explanation.of(RUNS, Optional.empty(), "iLoRA", "LLaRA", BOOTSTRAP);
    assertEquals(List.of(), plain.gains());
    assertEquals(
        List.of("no group", "all rows"),
        plain.experts().getFirst().groups().stream().map(ExpertMix.Group::name).toList());
    assertEquals(WHOLE.costs(), plain.costs());
  }

  @Test
  void aMethodsCostIsTheMeanOverItsSeedsAndItsLargestPeak() {
    assertEquals(
        List.of("SASRec", "LLaRA", "iLoRA"),
        WHOLE.costs().stream().map(MethodCost::method).toList());
    assertEquals(
        new MethodCost("iLoRA", 2, 1234L, 2L, 15, 12, 100, 2L << 28), WHOLE.costs().getLast());
  }

  @Test
  void whatARunDoesNotSayOfItsCostIsLeftOpen() {
    Manifest old = Manifest.begin("A", 1, "d", "h", new Environment(Map.of()), NOON);
    EvaluatedRun run = new EvaluatedRun(old, RandomRows.predictions("A", 1, 0), List.of());
    assertEquals(new MethodCost("A", 1, null, null, 0, 0, 0, null), MethodCost.of(List.of(run)));
    String text = Explanation.of(List.of(run), Optional.empty(), null, null, BOOTSTRAP).text();
    assertTrue(
        text.endsWith(
            "A                               -        -      0.0         0.0       0.0        "
                + " -\n"),
        text);
  }

  @Test
  void runsAtTheSameTimeCostWhatTheirFirstStepsTookAlone() {
    Manifest together =
        Manifest.begin("A", 1, "d", "h", new Environment(Map.of()), NOON)
            .withResource(Manifest.REHEARSAL_PEAK_BYTES, 77);
    EvaluatedRun run = new EvaluatedRun(together, RandomRows.predictions("A", 1, 0), List.of());
    assertEquals(77L, MethodCost.of(List.of(run)).peakBytes());
  }

  @Test
  void textAndJsonHoldEverything() {
    List<String> lines = WHOLE.text().lines().toList();
    assertEquals("HR@1 by groups of rows; 95 % intervals clustered by user.", lines.getFirst());
    assertEquals(
        "History length  rows  users  SASRec   LLaRA   iLoRA  iLoRA - LLaRA [95 % interval]  part"
            + " of it",
        lines.get(2));
    assertTrue(
        WHOLE.text().contains("iLoRA, seed 2   user cluster                  100.0 %"),
        WHOLE.text());
    assertTrue(
        WHOLE.text().contains("iLoRA                       1,234        2       15"), WHOLE.text());
    assertTrue(WHOLE.markdown().contains("\n\n| History length | rows | users |"));
    assertTrue(WHOLE.markdown().contains("\n\n| Cost of a run | trained parameters |"));
    var json = JsonMapper.builder().build().valueToTree(WHOLE.json());
    assertEquals("demo", json.get("dataset").stringValue());
    assertEquals(3, json.get("gains").size());
    assertEquals("3", json.at("/gains/0/groups/0/group").stringValue());
    assertTrue(json.at("/gains/0/groups/0/gain/low").isNumber());
    double parts = 0;
    for (var group : json.at("/gains/1/groups")) {
      parts += group.get("part_of_gain").doubleValue();
    }
    // The last group is all rows.
    assertEquals(2 * WHOLE.gains().get(1).lines().getLast().part(), parts, 1e-9);
    assertEquals(1, json.at("/experts/0/between_share").doubleValue(), 1e-12);
    assertEquals(1234, json.at("/costs/0/trained_parameters").intValue());
  }

  @Test
  void runsAndFactsOfOtherRowsAreRefused() {
    assertRefused("no runs to explain", List.of(), FACTS);
    CaseFacts other = new CaseFacts("sha256:bb", 10, null, FACTS.rows());
    assertRefused(
        "facts are of rows with candidates sha256:bb, the runs have sha256:aa", RUNS, other);
    CaseFacts more = new CaseFacts("sha256:aa", 10, null, List.of(new CaseFact(999, "u", 3, 1, 0)));
    assertRefused("SASRec, seed 1: 0 of the 1 rows of group '3'", RUNS, more);
  }

  private static void assertRefused(String message, List<EvaluatedRun> runs, CaseFacts facts) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> Explanation.of(runs, Optional.of(facts), "iLoRA", "LLaRA", BOOTSTRAP))
            .getMessage());
  }
}
