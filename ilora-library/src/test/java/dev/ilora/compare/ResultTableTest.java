package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.MadeUpRun;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.RandomRows;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ResultTableTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);
  private static final ResultTable TABLE =
      ResultTable.of(
          List.of(
              run("iLoRA", 1, 0.6),
              run("iLoRA", 2, 0.6),
              result(answered(RandomRows.predictions("LLaRA", 1, 0.5)), Method.LLARA, 60),
              run("Mine | new", 1, 0.2),
              run("Popularity", 1, 0.1)),
          "iLoRA",
          BOOTSTRAP);

  @Test
  void methodsStandInThePapersOrder() {
    assertEquals(
        List.of("Popularity", "LLaRA", "iLoRA", "Mine | new"),
        TABLE.methods().stream().map(MethodScores::method).toList());
    MethodScores ilora = TABLE.methods().get(2);
    assertEquals(2, ilora.seeds());
    assertEquals(8.5, ilora.seconds());
    double a = RandomRows.predictions("iLoRA", 1, 0.6).metrics().get(Metric.HR_1);
    double b = RandomRows.predictions("iLoRA", 2, 0.6).metrics().get(Metric.HR_1);
    assertEquals((a + b) / 2, ilora.figures().get(Metric.HR_1).estimate(), 1e-12);
    assertEquals(Math.abs(a - b) / Math.sqrt(2), ilora.seedDeviation(), 1e-12);
  }

  @Test
  void testsTheReferenceAgainstEachOther() {
    assertEquals(
        List.of("Popularity", "LLaRA", "Mine | new"),
        TABLE.tests().stream().map(t -> t.second()).distinct().toList());
    assertEquals(
        List.of(Metric.HR_1, Metric.HR_3, Metric.NDCG_3, Metric.HR_5, Metric.NDCG_5),
        TABLE.headline().stream().map(t -> t.metric()).toList());
    assertTrue(TABLE.tests().stream().allMatch(t -> t.first().equals("iLoRA")));
    assertEquals(
        List.of(), ResultTable.of(List.of(run("SASRec", 1, 0.1)), "iLoRA", BOOTSTRAP).tests());
  }

  /** Forms of a method stand after it, the plain one first, however they were given. */
  @Test
  void formsOfAMethodStandAfterIt() {
    ResultTable table =
        ResultTable.of(
            List.of(
                form("iLoRA random gate", Method.ILORA),
                form("LLaRA + user slot", Method.LLARA),
                run("iLoRA", 1, 0.6),
                run("iLoRA", 2, 0.6),
                form("iLoRA + user slot", Method.ILORA),
                run("LLaRA", 1, 0.5)),
            "iLoRA",
            BOOTSTRAP);
    assertEquals(
        List.of("LLaRA", "LLaRA + user slot", "iLoRA", "iLoRA random gate", "iLoRA + user slot"),
        table.methods().stream().map(MethodScores::method).toList());
    assertEquals(
        List.of(1, 1, 2, 1, 1), table.methods().stream().map(MethodScores::seeds).toList());
    assertEquals(
        List.of("LLaRA", "LLaRA + user slot", "iLoRA random gate", "iLoRA + user slot"),
        table.tests().stream().map(t -> t.second()).distinct().toList());
  }

  private static Run form(String name, Method method) {
    return result(RandomRows.predictions(name, 1, 0.4), method, 8.5);
  }

  @Test
  void showsTheGainOverLlara() {
    String text = TABLE.text();
    Interval gain = TABLE.headline().getFirst().gain().orElseThrow();
    assertTrue(text.contains("Relative gain     metric"), text);
    assertTrue(
        text.contains(
            "iLoRA over LLaRA    HR@1  %+.1f %% [%+.1f, %+.1f]"
                .formatted(100 * gain.estimate(), 100 * gain.low(), 100 * gain.high())),
        text);
    assertFalse(text.contains("Published"), "nothing is published of a made-up world");
    ResultTable hopeless =
        ResultTable.of(List.of(run("iLoRA", 1, 0.5), run("LLaRA", 1, -5)), "iLoRA", BOOTSTRAP);
    assertTrue(
        hopeless.text().contains("iLoRA over LLaRA    HR@1                     -  "),
        hopeless.text());
    assertEquals(
        List.of(), ResultTable.of(List.of(run("iLoRA", 1, 0.1)), "iLoRA", BOOTSTRAP).headline());
  }

  @Test
  void theAverageGainIsThatOfTablesThatAllSayOne() {
    ResultTable other =
        ResultTable.of(List.of(run("iLoRA", 1, 0.6), run("LLaRA", 1, 0.3)), "iLoRA", BOOTSTRAP);
    double one = TABLE.headline().getFirst().gain().orElseThrow().estimate();
    double two = other.headline().getFirst().gain().orElseThrow().estimate();
    assertEquals(
        (one + two) / 2, ResultTable.averageGain(List.of(TABLE, other)).orElseThrow(), 1e-12);
    ResultTable none = ResultTable.of(List.of(run("iLoRA", 1, 0.1)), "iLoRA", BOOTSTRAP);
    assertEquals(OptionalDouble.empty(), ResultTable.averageGain(List.of(TABLE, none)));
  }

  @Test
  void saysWhichCasesItIsOn() {
    ResultTable table =
        ResultTable.of(
            CaseSet.PAPER,
            List.of(
                MadeUpRun.of(
                    MadeUpRun.record("iLoRA", 1),
                    CaseSet.PAPER,
                    RandomRows.predictions("iLoRA", 1, 0.1),
                    List.of(),
                    Optional.empty())),
            "iLoRA",
            BOOTSTRAP);
    assertEquals(
        "demo, the paper's rows (the last of each test user): 120 cases of 30 users, candidates"
            + " sha256:aa; 95 % intervals and tests clustered by user.",
        table.text().lines().findFirst().orElseThrow());
    assertEquals("paper", table.json().get("caseSet"));
  }

  @Test
  void printsAlignedText() {
    List<String> lines = TABLE.text().lines().toList();
    assertEquals(
        "demo: 120 cases of 30 users, candidates sha256:aa; 95 % intervals and tests clustered by"
            + " user.",
        lines.getFirst());
    assertEquals(
        "Method         HR@1 [95 % interval]    HR@3    HR@5  NDCG@3  NDCG@5     MRR  ValidRatio"
            + "  paper HR@1  seeds  seed sd  seconds",
        lines.get(2));
    assertTrue(lines.get(4).startsWith("Popularity  0."), lines.get(4));
    assertTrue(
        lines.get(4).endsWith("           -           -      1        -      8.5"), lines.get(4));
    assertTrue(lines.get(5).contains("  1.0000  "), lines.get(5));
    assertEquals(lines.get(2).length(), lines.get(4).length());
    assertTrue(TABLE.text().contains("iLoRA - LLaRA"), TABLE.text());
  }

  @Test
  void printsMarkdownWithBarsEscaped() {
    List<String> lines = TABLE.markdown().lines().toList();
    assertEquals(
        "| Method | HR@1 [95 % interval] | HR@3 | HR@5 | NDCG@3 | NDCG@5 | MRR | ValidRatio | paper"
            + " HR@1 | seeds | seed sd | seconds |",
        lines.get(0));
    assertTrue(lines.get(1).startsWith("| --- | ---: | "), lines.get(1));
    assertTrue(lines.get(5).startsWith("| Mine \\| new | 0."), lines.get(5));
  }

  @Test
  void jsonHoldsEveryFigureWithItsInterval() {
    var json = JsonMapper.builder().build().valueToTree(TABLE.json());
    assertEquals("sha256:aa", json.get("candidatesHash").stringValue());
    var popularity = json.get("methods").get(0);
    assertEquals(
        TABLE.methods().getFirst().figures().get(Metric.NDCG_10).high(),
        popularity.get("ndcg@10").get("high").doubleValue());
    assertEquals(15, json.get("pairedTests").size());
    assertEquals(20, json.get("candidates").intValue());
    assertEquals(
        TABLE.headline().getFirst().gain().orElseThrow().estimate(),
        json.at("/relativeGains/0/gain/estimate").doubleValue());
    assertTrue(json.at("/pairedTests/0/pMcNemar").isNumber());
    assertEquals("ndcg@3", json.at("/pairedTests/2/metric").stringValue());
    assertFalse(json.at("/pairedTests/2").has("pMcNemar"), "McNemar's test is of HR@1");
    assertEquals(0, json.get("published").size());
  }

  @Test
  void refusesWhatCannotBeCompared() {
    Outcomes other =
        new Outcomes(
            "SASRec", 1, "scores", "sha256:bb", RandomRows.predictions("SASRec", 1, 0).rows());
    assertRefused(
        "cannot compare iLoRA with SASRec: different candidates, sha256:aa and sha256:bb",
        List.of(run("iLoRA", 1, 0.5), result(other, Method.SASREC, 1)));
    assertRefused(
        "iLoRA with seed 1 is given twice", List.of(run("iLoRA", 1, 0.5), run("iLoRA", 1, 0.5)));
    assertRefused("no runs to compare", List.of());
  }

  private static void assertRefused(String message, List<Run> runs) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> ResultTable.of(runs, "iLoRA", BOOTSTRAP))
            .getMessage());
  }

  private static Run run(String name, long seed, double skill) {
    Method method = MadeUpRun.record(name, seed).identity().method();
    return result(RandomRows.predictions(name, seed, skill), method, 8.5);
  }

  private static Run result(Outcomes outcomes, Method method, double seconds) {
    return MadeUpRun.of(
        MadeUpRun.record(outcomes.method(), method, outcomes.seed())
            .plus(Phase.TRAIN, Cost.ofSeconds(seconds - 1))
            .plus(Phase.EVALUATE, Cost.ofSeconds(1)),
        outcomes);
  }

  private static Outcomes answered(Outcomes ranked) {
    List<Outcome> rows =
        ranked.rows().stream()
            .map(row -> row.withAnswer(new Answer("t", row.target(), row.target())))
            .toList();
    return new Outcomes(
        ranked.method(), ranked.seed(), "likelihood", ranked.candidatesHash(), rows);
  }
}
