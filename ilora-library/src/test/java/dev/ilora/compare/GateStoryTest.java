package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.ExpertWeights;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.RandomRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class GateStoryTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);
  private static final Outcomes GATED = RandomRows.predictions("iLoRA", 1, 0.9);
  private static final Outcomes PLAIN = RandomRows.predictions("LLaRA", 1, 0.2);

  /** A gate on cases of two groups, one case of each in turn. */
  private static GateStory story(IntFunction<double[]> weights, Outcomes... others) {
    return story(CaseGroups.KNOWN, weights, others);
  }

  private static GateStory story(
      String property, IntFunction<double[]> weights, Outcomes... others) {
    return story(property, "LLaRA", weights, others);
  }

  private static GateStory story(
      String property, String baseline, IntFunction<double[]> weights, Outcomes... others) {
    List<ExpertWeights> rows = new ArrayList<>();
    for (Outcome row : GATED.rows()) {
      Optional<String> group = Optional.of(row.row() % 2 == 0 ? "risers" : "sinkers");
      rows.add(new ExpertWeights(row.row(), row.user(), group, weights.apply(row.row())));
    }
    CaseGroups groups = new CaseGroups(property, CaseGroups.byKnownGroup(rows).groups());
    Map<String, List<Outcomes>> methods = new LinkedHashMap<>();
    methods.put("iLoRA", List.of(GATED));
    for (Outcomes other : others) {
      methods.put(other.method(), List.of(other));
    }
    return GateStory.of(
        "iLoRA, seed 1",
        "iLoRA",
        ExpertMix.by(groups, "iLoRA, seed 1", rows),
        GainTable.of(groups, methods, "iLoRA", baseline, BOOTSTRAP));
  }

  private static String words(IntFunction<double[]> weights, Outcomes... others) {
    return String.join(" ", story(weights, others).sentences());
  }

  private static double[] pair(double first) {
    return new double[] {first, 1 - first};
  }

  @Test
  void aGateThatTellsGroupsApartIsSaidToDoSoByName() {
    String words = words(row -> pair(row % 2 == 0 ? 0.9 : 0.2), PLAIN);
    assertTrue(
        words.contains(
            "It tells these groups apart: 100 % of the weights' variance lies between them. The"
                + " widest difference is that of expert 1, with 0.90 of the weight for risers and"
                + " 0.20 for sinkers."),
        words);
    assertTrue(words.contains("iLoRA is ahead of LLaRA in each of the 2 groups;"), words);
    assertTrue(
        words.endsWith("Whether the gate is the reason for that, these figures do not say."));
  }

  @Test
  void clustersOfWhatTheGateReadsAreToldApartByAnyGate() {
    IntFunction<double[]> weights = row -> pair(row % 2 == 0 ? 0.9 : 0.2);
    String caveat =
        "Any gate that reads those tells them apart, whether or not it learned anything.";
    String words = String.join(" ", story(CaseGroups.CLUSTER, weights).sentences());
    assertTrue(words.contains(caveat), words);
    assertFalse(words(weights).contains(caveat));
  }

  @Test
  void nearlyEqualWeightsAreSaidToBeLikeASingleLora() {
    String words = words(row -> pair(0.5 + 0.001 * (row % 3)), PLAIN);
    assertTrue(
        words.startsWith("The gate weighs all experts nearly equally (entropy 1.00 of 1)"), words);
    assertTrue(words.endsWith("is hardly the reason for that."), words);
  }

  @Test
  void aGateThatIsTheSameForAllUsersIsSaidToBeSo() {
    String words = words(_ -> pair(0.8), PLAIN);
    assertTrue(
        words.startsWith(
            "The gate weighs experts unequally (mean weights from 0.20 to 0.80), but the same"));
    assertTrue(!words.contains("these groups"), words);
  }

  @Test
  void aGateThatDiffersWithinGroupsOnlyIsSaidNotToTellThemApart() {
    String words = words(row -> pair(row / 2 % 2 == 0 ? 0.95 : 0.15), PLAIN);
    assertTrue(words.contains("It hardly tells these groups apart: 0 % of"), words);
  }

  @Test
  void aMethodThatIsBehindIsNotCalledAhead() {
    String words = words(_ -> pair(0.8), RandomRows.predictions("LLaRA", 2, 3));
    assertTrue(words.contains("iLoRA is ahead of LLaRA in 0 of 2 groups;"), words);
    assertTrue(!words.contains("reason"), words);
  }

  @Test
  void withoutAnotherMethodTheGateStandsAlone() {
    GateStory alone = story(row -> pair(row % 2 == 0 ? 0.9 : 0.2));
    assertEquals(Optional.empty(), alone.other());
    assertEquals(3, alone.sentences().size());
    assertTrue(alone.sentences().getLast().startsWith("What the gate adds is not seen here"));
  }

  @Test
  void aGainOverARecommenderIsNotSaidToBeTheGates() {
    Outcomes popularity = RandomRows.predictions("Popularity", 1, 0.2);
    GateStory story =
        story(CaseGroups.KNOWN, "Popularity", row -> pair(row % 2 == 0 ? 0.9 : 0.2), popularity);
    assertEquals(Optional.empty(), story.other());
  }

  @Test
  void theTableHoldsHitsAndWeightsOfEachGroup() {
    List<String> lines =
        story(row -> pair(row % 2 == 0 ? 0.9 : 0.2), PLAIN).text().lines().toList();
    assertEquals("What the gate of iLoRA, seed 1 does:", lines.getFirst());
    assertTrue(
        lines.get(2).matches("Group +cases +HR@1 LLaRA +HR@1 iLoRA +heaviest experts +entropy"));
    assertTrue(
        lines
            .get(4)
            .matches("risers +60 +0\\.\\d{3} +0\\.\\d{3} +1 \\(0\\.90\\), 2 \\(0\\.10\\) .*"));
    assertTrue(lines.get(6).startsWith("all cases"));
  }

  @Test
  void weightsAndHitsOfOtherGroupsAreRefused() {
    GateStory story = story(_ -> pair(0.5), PLAIN);
    List<ExpertWeights> ungrouped = List.of(new ExpertWeights(0, "u", Optional.empty(), pair(0.5)));
    ExpertMix other = ExpertMix.by(CaseGroups.byKnownGroup(ungrouped), "run", ungrouped);
    assertEquals(
        "run: weights and HR@1 are of different groups by Group",
        assertThrows(
                IllegalArgumentException.class,
                () -> GateStory.of("run", "iLoRA", other, story.gains()))
            .getMessage());
  }
}
