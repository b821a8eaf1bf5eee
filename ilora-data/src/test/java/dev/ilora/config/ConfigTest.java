package dev.ilora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTest {
  enum Projection {
    Q,
    V,
    GATE_UP
  }

  sealed interface Gate {
    record Linear() implements Gate {}

    record TopK(@Default("2") @AtLeast(1) int experts, @Default("0") double noise)
        implements Gate {}
  }

  record Training(
      @Default("1000") @AtLeast(1) int steps,
      @Default("0.1") @AtLeast(0) @Below(1) double dropout,
      @Default("[q, v]") List<Projection> targets,
      @Default("false") boolean resume) {
    Training {
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("targets must name at least one projection");
      }
    }
  }

  record Recipe(
      String name,
      Path data,
      Training training,
      Optional<String> note,
      @Default("linear") Gate gate,
      @Default("1") List<Long> seeds) {}

  private static final String GOOD = "name: first\ndata: some/where\n";

  private static Recipe bind(String yaml, String... words) {
    return Config.bind(Recipe.class, "recipe.yaml", yaml, List.of(words));
  }

  private static List<String> mistakes(String yaml, String... words) {
    return assertThrows(ConfigException.class, () -> bind(yaml, words)).mistakes();
  }

  @Test
  void absentKeysTakeTheirDefaults() {
    Recipe expected =
        new Recipe(
            "first",
            Path.of("some/where"),
            new Training(1000, 0.1, List.of(Projection.Q, Projection.V), false),
            Optional.empty(),
            new Gate.Linear(),
            List.of(1L));
    assertEquals(expected, bind(GOOD));
  }

  @Test
  void wordsOverrideTheFileAndTheLastOneCounts() {
    Recipe recipe =
        bind(
            GOOD + "training:\n  steps: 5\n  dropout: 0\n",
            "training.steps=7",
            "training.steps=1_000",
            "training.targets=Q,gate_up",
            "note=a=b: c #d",
            "gate=top-k",
            "gate.experts=3",
            "seeds=[1, 2]");
    assertEquals(
        new Training(1000, 0, List.of(Projection.Q, Projection.GATE_UP), false), recipe.training());
    assertEquals(Optional.of("a=b: c #d"), recipe.note());
    assertEquals(new Gate.TopK(3, 0), recipe.gate());
    assertEquals(List.of(1L, 2L), recipe.seeds());
  }

  @Test
  void unknownKeyComesWithTheNearestKnownOne() {
    assertEquals(
        List.of("recipe.yaml:4: training.stepz: unknown key; did you mean training.steps?"),
        mistakes(GOOD + "training:\n  stepz: 10\n"));
    assertEquals(
        List.of("command line: steps: unknown key; did you mean training.steps?"),
        mistakes(GOOD, "steps=10"));
    assertEquals(
        List.of(
            "command line: training.colour: unknown key; known are steps, dropout, targets,"
                + " resume"),
        mistakes(GOOD, "training.colour=red"));
  }

  @Test
  void unknownKeysOfAFamilyMemberComeWithTheNearestOfTheFamily() {
    String hint = "; did you mean gate.experts?";
    assertEquals(
        List.of("command line: gate.expertz: unknown key" + hint),
        mistakes(GOOD, "gate=top-k", "gate.expertz=3"));
    assertEquals(
        List.of("command line: gate.expertz: unknown key" + hint),
        mistakes(GOOD, "gate=linear", "gate.expertz=3"));
    assertEquals(
        List.of("command line: gate.experts: unknown key"),
        mistakes(GOOD, "gate=linear", "gate.experts=3"));
  }

  @Test
  void aKindGivenInTheFileTakesSettingsFromTheCommandLine() {
    assertEquals(new Gate.TopK(3, 0), bind(GOOD + "gate: top-k\n", "gate.experts=3").gate());
  }

  @Test
  void allMistakesAreReportedTogether() {
    String yaml =
        """
        name: [a, b]
        trainig: {}
        training:
          steps: ten
          dropout: 1
          targets: [q, w]
          resume: maybe
        gate: {kind: cubic}
        seeds: [1, 2.5]
        """;
    assertEquals(
        List.of(
            "recipe.yaml:2: trainig: unknown key; did you mean training?",
            "recipe.yaml:1: name = [a, b]: expected text",
            "recipe.yaml: data: missing; expected a path",
            "recipe.yaml:4: training.steps = ten: expected a whole number of at least 1",
            "recipe.yaml:5: training.dropout = 1: expected a number of at least 0 and below 1",
            "recipe.yaml:6: training.targets[1] = w: expected one of q, v, gate-up",
            "recipe.yaml:7: training.resume = maybe: expected true or false",
            "recipe.yaml:8: gate.kind = cubic: expected one of linear, top-k",
            "recipe.yaml:9: seeds[1] = 2.5: expected a whole number"),
        mistakes(yaml));
  }

  @Test
  void recordsRefuseWhatTheirConstructorsRefuse() {
    assertEquals(
        List.of("recipe.yaml:3: training: targets must name at least one projection"),
        mistakes(GOOD + "training:\n  targets: []\n"));
  }

  @Test
  void duplicateKeysAliasesAndBrokenYamlAreRefused() {
    assertEquals(
        List.of("recipe.yaml:3: name: given twice; first at recipe.yaml:1"),
        mistakes(GOOD + "name: second\n"));
    assertEquals(
        "recipe.yaml:4: aliases (*name) are not supported; write the values out",
        mistakes(GOOD + "note: &a x\ngate: *a\n").getFirst());
    assertEquals(
        "recipe.yaml:3: not valid YAML: while parsing a flow sequence",
        mistakes("name: a\ndata: [b\nnote: }\n").getFirst());
    assertEquals(
        "recipe.yaml: expected keys with values, found just text",
        mistakes("just text").getFirst());
  }

  @Test
  void wordsWithoutAValueAreRefused() {
    assertEquals(List.of("command line: resume: expected key=value"), mistakes(GOOD, "resume"));
    assertEquals(
        List.of("command line: training.steps = (empty): expected a whole number of at least 1"),
        mistakes(GOOD, "training.steps="));
  }

  @Test
  void aPathThatNoFileCanHaveIsAMistakeOfItsKey() {
    assertEquals(
        List.of("recipe.yaml:2: data = a\uFFFDb: expected a path"),
        mistakes("name: first\ndata: \"a\\0b\"\n"));
  }
}
