package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Environment;
import dev.ilora.runs.Manifest;
import dev.ilora.runs.RunResult;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.RandomRows;
import java.time.Instant;
import java.util.List;
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
              result(answered(RandomRows.predictions("LLaRA", 1, 0.5)), "LLaRA", 60),
              run("Mine | new", 1, 0.2),
              run("Popularity", 1, 0.1)),
          "iLoRA",
          BOOTSTRAP);

  @Test
  void methodsStandInThePapersOrder() {
    assertEquals(
        List.of("Popularity", "LLaRA", "iLoRA", "Mine | new"),
        TABLE.rows().stream().map(MethodScores::method).toList());
    MethodScores ilora = TABLE.rows().get(2);
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
    assertEquals(
        List.of(), ResultTable.of(List.of(run("SASRec", 1, 0.1)), null, BOOTSTRAP).tests());
  }

  /** Forms of a method stand after it, the plain one first, however they were given. */
  @Test
  void formsOfAMethodStandAfterIt() {
    ResultTable table =
        ResultTable.of(
            List.of(
                form("iLoRA random gate", "iLoRA"),
                form("LLaRA + user slot", "LLaRA"),
                run("iLoRA", 1, 0.6),
                run("iLoRA", 2, 0.6),
                form("iLoRA + user slot", "iLoRA"),
                run("LLaRA", 1, 0.5)),
            "iLoRA",
            BOOTSTRAP);
    assertEquals(
        List.of("LLaRA", "LLaRA + user slot", "iLoRA", "iLoRA random gate", "iLoRA + user slot"),
        table.rows().stream().map(MethodScores::method).toList());
    assertEquals(List.of(1, 1, 2, 1, 1), table.rows().stream().map(MethodScores::seeds).toList());
    assertEquals(
        List.of("LLaRA", "LLaRA + user slot", "iLoRA random gate", "iLoRA + user slot"),
        table.tests().stream().map(t -> t.second()).distinct().toList());
  }

  private static RunResult form(String name, String family) {
    return result(RandomRows.predictions(name, 1, 0.4), family, 8.5);
  }

  @Test
  void showsTheGainOverLlaraBesideThePapers() {
    String text = TABLE.text();
    Interval gain = TABLE.headline().getFirst().gain();
    assertTrue(text.contains("Relative gain     metric"), text);
    assertTrue(
        text.contains(
            "iLoRA over LLaRA    HR@1  %+.1f %% [%+.1f, %+.1f]"
                .formatted(100 * gain.estimate(), 100 * gain.low(), 100 * gain.high())),
        text);
    assertTrue(text.contains("            +11.4 %"), text);
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
    double one = TABLE.headline().getFirst().gain().estimate();
    double two = other.headline().getFirst().gain().estimate();
    assertEquals(
        (one + two) / 2, ResultTable.averageGain(List.of(TABLE, other)).orElseThrow(), 1e-12);
    ResultTable none = ResultTable.of(List.of(run("iLoRA", 1, 0.1)), "iLoRA", BOOTSTRAP);
    assertEquals(OptionalDouble.empty(), ResultTable.averageGain(List.of(TABLE, none)));
  }

  @Test
  void saysWhichRowsItIsOn() {
    ResultTable table =
        ResultTable.of(CaseSet.PAPER, List.of(run("iLoRA", 1, 0.1)), "iLoRA", BOOTSTRAP);
    assertEquals(
        "demo, the paper's rows (the last of each test user): 120 rows of 30 users, candidates"
            + " sha256:aa; 95 % intervals and tests clustered by user.",
        table.text().lines().findFirst().orElseThrow());
    assertEquals("paper", table.json().get("row_set"));
  }

  @Test
  void printsAlignedText() {
    List<String> lines = TABLE.text().lines().toList();
    assertEquals(
        "demo: 120 rows of 30 users, candidates sha256:aa; 95 % intervals and tests clustered by"
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
    assertEquals("sha256:aa", json.get("candidates_hash").stringValue());
    var popularity = json.get("methods").get(0);
    assertEquals(
        TABLE.rows().getFirst().figures().get(Metric.NDCG_10).high(),
        popularity.get("ndcg@10").get("high").doubleValue());
    assertEquals(15, json.get("paired_tests").size());
    var gain = json.get("gain_of_ilora_over_llara");
    assertEquals(0.114, gain.get("paper_hr@1").doubleValue());
    assertEquals(
        TABLE.headline().getFirst().gain().estimate(),
        gain.get("hr@1").get("estimate").doubleValue());
    assertTrue(json.get("paired_tests").get(0).has("p_mcnemar"));
  }

  @Test
  void refusesWhatCannotBeCompared() {
    Outcomes other =
        new Outcomes("SASRec", 1, "scores", "sha256:bb", run("SASRec", 1, 0).predictions().rows());
    assertRefused(
        "cannot compare iLoRA with SASRec: different candidates, sha256:aa and sha256:bb",
        List.of(run("iLoRA", 1, 0.5), result(other, "SASRec", 1)));
    assertRefused(
        "iLoRA with seed 1 is given twice", List.of(run("iLoRA", 1, 0.5), run("iLoRA", 1, 0.5)));
    assertRefused("no runs to compare", List.of());
  }

  private static void assertRefused(String message, List<RunResult> runs) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> ResultTable.of(runs, "iLoRA", BOOTSTRAP))
            .getMessage());
  }

  private static RunResult run(String method, long seed, double skill) {
    return result(RandomRows.predictions(method, seed, skill), method, 8.5);
  }

  private static RunResult result(Outcomes predictions, String family, double seconds) {
    Manifest manifest =
        Manifest.begin(
                predictions.method(),
                predictions.seed(),
                "demo",
                "sha256:dd",
                Environment.current(1, "cpu"),
                Instant.EPOCH)
            .ofFamily(family)
            .withSeconds(Manifest.TRAIN, seconds - 1)
            .withSeconds(Manifest.EVALUATE, 1);
    return new RunResult(predictions, manifest);
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
