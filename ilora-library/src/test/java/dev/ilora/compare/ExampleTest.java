package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.MadeUpRun;
import dev.ilora.runs.Run;
import dev.ilora.runs.Sample;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExampleTest {
  private static final int[] CANDIDATES = {0, 1, 2};

  private static Run run(String method, double[] scores, List<Sample> samples, String... groups) {
    List<Outcome> rows =
        List.of(
            Outcome.scored(0, "ann", 1, CANDIDATES, scores),
            Outcome.scored(1, "bob", 1, CANDIDATES, scores),
            Outcome.scored(2, "cat", 1, CANDIDATES, scores));
    List<ExpertWeights> experts = new ArrayList<>();
    for (int i = 0; i < groups.length; i++) {
      experts.add(
          new ExpertWeights(
              i, rows.get(i).user(), Optional.of(groups[i]), new double[] {0.25, 0.75}));
    }
    Run run =
        MadeUpRun.of(
            MadeUpRun.record(method, 1),
            CaseSet.TEST,
            new Outcomes(method, 1, "scores", "sha256:aa", rows),
            experts,
            Optional.empty());
    return new Run(
        run.folder(), run.record(), run.outcomes(), List.of(), experts, Optional.empty(), samples);
  }

  private static Sample sample(int index, String user, String... ranked) {
    return new Sample(
        index,
        user,
        Optional.of(List.of("Alien", "Fargo")),
        Optional.empty(),
        "Heat",
        Optional.empty(),
        List.of(ranked),
        Optional.of(List.of("Fargo")));
  }

  @Test
  void aCaseHoldsWhatEveryMethodSaidOfIt() {
    Run right = run("SASRec", new double[] {0, 1, 0}, List.of(sample(0, "ann", "Heat", "Fargo")));
    Run wrong = run("Caser", new double[] {1, 0.5, 0}, List.of(sample(0, "ann", "Fargo", "Heat")));
    Example example = Example.of(MethodOrder.byMethod(List.of(right, wrong))).getFirst();
    assertEquals(List.of("Alien", "Fargo"), example.history());
    assertEquals("Fargo (cold)", example.shown("Fargo"));
    assertEquals("Alien", example.shown("Alien"));
    assertEquals(
        List.of("Caser | ✗ Fargo (cold) | 2 of 3", "SASRec | ✓ Heat | 1 of 3"),
        example.table().rows().stream().map(ExampleTest::text).toList());
  }

  private static String text(List<Cell> row) {
    return row.stream().map(Cell::text).collect(Collectors.joining(" | ")).replace("\u00a0", " ");
  }

  @Test
  void oneOfEachGroupComesFirst() {
    List<Sample> samples =
        List.of(sample(0, "ann", "Heat"), sample(1, "bob", "Heat"), sample(2, "cat", "Heat"));
    Run gated = run("iLoRA", new double[] {0, 1, 0}, samples, "risers", "risers", "sinkers");
    List<Example> examples = Example.of(Map.of("iLoRA", List.of(gated)));
    assertEquals(List.of("ann", "cat", "bob"), examples.stream().map(Example::user).toList());
    assertEquals(Optional.of("sinkers"), examples.get(1).group());
    assertEquals(
        Map.of("iLoRA", "most weight on experts 2 (0.75), 1 (0.25) of 2"),
        examples.getFirst().gates());
  }

  @Test
  void runsWithoutSamplesHaveNoExamples() {
    Run run = run("SASRec", new double[] {0, 1, 0}, List.of());
    assertEquals(List.of(), Example.of(Map.of("SASRec", List.of(run))));
  }
}
