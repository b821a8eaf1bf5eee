package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.runs.ExpertWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpertMixTest {
  private static List<ExpertWeights> rows(double[][] weights, String... groups) {
    List<ExpertWeights> rows = new ArrayList<>();
    for (double[] row : weights) {
      rows.add(new ExpertWeights(rows.size(), "u", Optional.of(groups[rows.size()]), row));
    }
    return rows;
  }

  private static ExpertMix byKnownGroup(List<ExpertWeights> rows) {
    return ExpertMix.by(CaseGroups.byKnownGroup(rows), "run", rows);
  }

  @Test
  void varianceDividesIntoThatBetweenGroupsAndThatWithin() {
    // means 0.3 and 0.7 around 0.5: 0.04 between; 0.01 within each
    ExpertMix mix =
        byKnownGroup(
            rows(
                new double[][] {{0.2, 0.8}, {0.4, 0.6}, {0.6, 0.4}, {0.8, 0.2}},
                "a",
                "a",
                "b",
                "b"));
    assertEquals(0.8, mix.betweenShare(), 1e-12);
    assertArrayEquals(new double[] {Math.sqrt(0.05), Math.sqrt(0.05)}, mix.deviation(), 1e-12);
    assertArrayEquals(new double[] {0.3, 0.7}, mix.groups().getFirst().weights(), 1e-12);
    assertEquals(
        List.of("a", "b", "all cases"), mix.groups().stream().map(ExpertMix.Group::name).toList());
  }

  @Test
  void groupsWeighedAlikeExplainNothing() {
    double[][] weights = {{0.2, 0.8}, {0.8, 0.2}, {0.2, 0.8}, {0.8, 0.2}};
    assertEquals(0, byKnownGroup(rows(weights, "a", "a", "b", "b")).betweenShare(), 1e-12);
    double[][] constant = {{0.25, 0.75}, {0.25, 0.75}};
    assertEquals(0, byKnownGroup(rows(constant, "a", "b")).betweenShare());
  }

  @Test
  void entropyIsOneForEqualWeightsAndNoneForASingleExpert() {
    assertEquals(1, ExpertMix.entropy(new double[] {0.25, 0.25, 0.25, 0.25}), 1e-12);
    assertEquals(0, ExpertMix.entropy(new double[] {0, 1, 0}));
    assertEquals(0, ExpertMix.entropy(new double[] {1}));
  }
}
