package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final int[] CANDIDATES = IntStream.range(0, 20).toArray();
  private static final List<String> TITLES =
      IntStream.range(0, 20).mapToObj(i -> "Title " + (char) ('a' + i)).toList();

  @Test
  void handComputedRanks() {
    Metrics metrics = Metrics.of(ranks(1, 2, 4, 20));
    assertEquals(0.25, metrics.get(Metric.HR_1), 1e-12);
    assertEquals(0.25, metrics.get(Metric.NDCG_1), 1e-12);
    assertEquals(0.5, metrics.get(Metric.HR_3), 1e-12);
    assertEquals((1 + 1 / log2(3)) / 4, metrics.get(Metric.NDCG_3), 1e-12);
    assertEquals(0.75, metrics.get(Metric.HR_5), 1e-12);
    assertEquals((1 + 1 / log2(3) + 1 / log2(5)) / 4, metrics.get(Metric.NDCG_5), 1e-12);
    assertEquals(0.75, metrics.get(Metric.HR_10), 1e-12);
    assertEquals((1 + 0.5 + 0.25 + 0.05) / 4, metrics.get(Metric.MRR), 1e-12);
  }

  @Test
  void namesAreThoseOfTheStoredMetrics() {
    assertEquals(
        List.of(
            "hr@1", "ndcg@1", "hr@3", "ndcg@3", "hr@5", "ndcg@5", "hr@10", "ndcg@10", "hr@20",
            "ndcg@20", "mrr"),
        List.copyOf(Metrics.of(ranks(1, 2)).byKey().keySet()));
  }

  @Test
  void equalsTheObviousLoopOverScores() {
    List<Outcome> rows = RandomRows.of(40, 3, 0.3, 0.1, 5);
    double gain = 0;
    double reciprocal = 0;
    for (Outcome row : rows) {
      double own = row.scores().orElseThrow()[row.target()];
      long rank = 1 + Arrays.stream(row.scores().orElseThrow()).filter(s -> s > own).count();
      gain += rank <= 5 ? 1 / log2(rank + 1) : 0;
      reciprocal += 1.0 / rank;
    }
    assertEquals(gain / rows.size(), Metrics.of(rows).get(Metric.NDCG_5), 1e-12);
    assertEquals(reciprocal / rows.size(), Metrics.of(rows).get(Metric.MRR), 1e-12);
  }

  @Test
  void paperFiguresDivideByValidAnswersOnly() {
    // One hit, one other candidate, one invalid, one that only the reference's rule accepts.
    List<Outcome> rows =
        List.of(
            answered(0, 3, "Title d"),
            answered(1, 3, "Title e"),
            answered(2, 3, "Gone With the Wind"),
            answered(3, 3, "surely title d!"));
    Metrics metrics = Metrics.of(rows);
    assertEquals(0.25, metrics.get(Metric.HR_1), 1e-12);
    assertEquals(0.5, metrics.get(Metric.VALID_RATIO), 1e-12);
    assertEquals(0.5, metrics.get(Metric.PAPER_HR_1), 1e-12);
    assertEquals(0.75, metrics.get(Metric.REFERENCE_VALID_RATIO), 1e-12);
    assertEquals(2.0 / 3, metrics.get(Metric.REFERENCE_HR_1), 1e-12);
  }

  @Test
  void freeGenerationDefinesNothingBeyondTheFirstRank() {
    Metrics metrics = Metrics.of(List.of(answered(0, 3, "Title d"), answered(1, 3, "Title e")));
    assertFalse(metrics.values().containsKey(Metric.HR_3));
    assertEquals(
        "mrr is not defined by these rows: some have no rank or no answer",
        assertThrows(IllegalArgumentException.class, () -> metrics.get(Metric.MRR)).getMessage());
  }

  @Test
  void noValidAnswerIsZeroNotNaN() {
    Metrics metrics = Metrics.of(List.of(answered(0, 3, "?")));
    assertEquals(0.0, metrics.get(Metric.PAPER_HR_1));
    assertEquals(0.0, metrics.get(Metric.VALID_RATIO));
  }

  @Test
  void anAnswerBesideARankingLeavesTheRanking() {
    Outcome row = ranks(2).getFirst().withAnswer(Answer.of("Title a", CANDIDATES, TITLES::get));
    Metrics metrics = Metrics.of(List.of(row));
    assertEquals(0.0, metrics.get(Metric.HR_1));
    assertEquals(1.0, metrics.get(Metric.PAPER_HR_1));
    assertEquals(1.0, metrics.get(Metric.HR_3));
  }

  @Test
  void namesWhatIsWrong() {
    assertEquals(
        "no rows to compute metrics of",
        assertThrows(IllegalArgumentException.class, () -> Metrics.of(List.of())).getMessage());
    assertEquals(
        "row 4: rank 21 is outside 0..20",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Outcome(4, "u", 0, CANDIDATES, Optional.empty(), 21, Optional.empty()))
            .getMessage());
  }

  private static List<Outcome> ranks(int... ranks) {
    return IntStream.range(0, ranks.length)
        .mapToObj(
            i ->
                new Outcome(
                    i, "u" + i, 0, CANDIDATES, Optional.empty(), ranks[i], Optional.empty()))
        .toList();
  }

  private static Outcome answered(int row, int target, String text) {
    Answer answer = Answer.of(text, CANDIDATES, TITLES::get);
    return Outcome.answered(row, "u" + row, target, CANDIDATES, answer);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
