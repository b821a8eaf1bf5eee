package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairedTestTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(1_000, 1);

  @Test
  void aMethodAgainstItselfDiffersByNothing() {
    List<Outcomes> one = List.of(RandomRows.predictions("LLaRA", 1, 0.4));
    PairedTest test = PairedTest.of(one, one, Metric.HR_1, BOOTSTRAP);
    assertEquals(new Interval(0, 0, 0), test.difference());
    assertEquals(1, test.p());
    assertEquals(1, test.mcNemar().orElseThrow().p());
    assertEquals(120, test.rows());
    assertEquals(30, test.users());
  }

  @Test
  void findsAClearDifferenceAndItsSign() {
    List<Outcomes> good = List.of(RandomRows.predictions("iLoRA", 1, 0.8));
    List<Outcomes> poor = List.of(RandomRows.predictions("LLaRA", 1, 0.2));
    PairedTest test = PairedTest.of(good, poor, Metric.NDCG_5, BOOTSTRAP);
    assertEquals("iLoRA", test.first());
    assertTrue(test.difference().low() > 0, test.toString());
    assertEquals(2.0 / 1_001, test.p(), 1e-12);
    PairedTest mirrored = PairedTest.of(poor, good, Metric.NDCG_5, BOOTSTRAP);
    assertEquals(-test.difference().estimate(), mirrored.difference().estimate(), 1e-12);
    assertEquals(-test.difference().low(), mirrored.difference().high(), 1e-12);
    assertEquals(Optional.empty(), test.mcNemar(), "McNemar's test is of HR@1");
  }

  @Test
  void theGainIsTheQuotientLessOneAndMirrorsTheDifference() {
    List<Outcomes> good = List.of(RandomRows.predictions("iLoRA", 1, 0.8));
    List<Outcomes> poor = List.of(RandomRows.predictions("LLaRA", 1, 0.2));
    PairedTest test = PairedTest.of(good, poor, Metric.HR_1, BOOTSTRAP);
    double quotient =
        good.getFirst().metrics().get(Metric.HR_1) / poor.getFirst().metrics().get(Metric.HR_1);
    Interval gain = test.gain().orElseThrow();
    assertEquals(quotient - 1, gain.estimate(), 1e-12);
    assertTrue(gain.low() > 0, test.toString());
    assertTrue(gain.contains(quotient - 1), test.toString());
    PairedTest mirrored = PairedTest.of(poor, good, Metric.HR_1, BOOTSTRAP);
    assertEquals(1 / (1 + gain.high()) - 1, mirrored.gain().orElseThrow().low(), 1e-3);
    assertEquals(
        test.mcNemar().orElseThrow().onlyFirst(), mirrored.mcNemar().orElseThrow().onlySecond());
  }

  @Test
  void whereTheSecondHitsNothingThereIsNoGain() {
    List<Outcome> rows = RandomRows.of(20, 2, 5, 0, 1);
    List<Outcome> misses = RandomRows.of(20, 2, -5, 0, 1);
    PairedTest test =
        PairedTest.of(
            List.of(predictions("A", rows)),
            List.of(predictions("B", misses)),
            Metric.HR_1,
            BOOTSTRAP);
    assertEquals(Optional.empty(), test.gain());
    assertEquals(1, test.difference().estimate(), 1e-12);
  }

  /** A method with more seeds than the other weighs no more: each is the mean over its own. */
  @Test
  void theSameRunGivenAsSeveralSeedsChangesNothing() {
    Outcomes a = RandomRows.predictions("iLoRA", 1, 0.6);
    Outcomes b = RandomRows.predictions("LLaRA", 1, 0.5);
    PairedTest single = PairedTest.of(List.of(a), List.of(b), Metric.HR_1, BOOTSTRAP);
    PairedTest several = PairedTest.of(List.of(a, a, a, a), List.of(b), Metric.HR_1, BOOTSTRAP);
    assertEquals(single.difference().estimate(), several.difference().estimate(), 1e-12);
    assertEquals(single.difference().low(), several.difference().low(), 1e-12);
    assertEquals(single.gain().orElseThrow().high(), several.gain().orElseThrow().high(), 1e-12);
    assertEquals(single.mcNemar(), several.mcNemar());
  }

  @Test
  void rejectsATrueNullAboutAsOftenAsItSays() {
    int rejected = 0;
    for (int world = 0; world < 200; world++) {
      Outcomes a = predictions("A", RandomRows.of(40, 3, 0.4, 0.3, 2L * world));
      Outcomes b = predictions("B", RandomRows.of(40, 3, 0.4, 0.3, 2L * world + 1));
      double p = PairedTest.of(List.of(a), List.of(b), Metric.MRR, new Bootstrap(200, world)).p();
      rejected += p < 0.05 ? 1 : 0;
    }
    // 5 % of 200 is 10, its deviation 3.1; resampling a few users rejects a little more.
    assertTrue(rejected >= 2 && rejected <= 22, rejected + " of 200");
  }

  @Test
  void severalSeedsCompareTheirMeansAndShares() {
    List<Outcomes> three =
        List.of(
            RandomRows.predictions("iLoRA", 1, 0.5),
            RandomRows.predictions("iLoRA", 2, 0.5),
            RandomRows.predictions("iLoRA", 3, 0.5));
    List<Outcomes> one = List.of(RandomRows.predictions("SASRec", 1, 0.3));
    PairedTest test = PairedTest.of(three, one, Metric.HR_1, BOOTSTRAP);
    double mean =
        three.stream().mapToDouble(p -> p.metrics().get(Metric.HR_1)).average().orElseThrow();
    double other = one.getFirst().metrics().get(Metric.HR_1);
    assertEquals(mean - other, test.difference().estimate(), 1e-12);
    int onlyFirst = 0;
    for (int i = 0; i < 120; i++) {
      int row = i;
      double share = three.stream().filter(p -> p.rows().get(row).rank() == 1).count() / 3.0;
      onlyFirst += share > (one.getFirst().rows().get(i).rank() == 1 ? 1 : 0) ? 1 : 0;
    }
    assertEquals(onlyFirst, test.mcNemar().orElseThrow().onlyFirst());
  }

  @Test
  void mcNemarKnownValues() {
    // Binomial: 2 * (1 + 10 + 45) / 1024.
    assertEquals(2 * 56 / 1024.0, McNemar.of(2, 8).p(), 1e-12);
    assertEquals(1, McNemar.of(5, 5).p(), 1e-12);
    assertEquals(1, McNemar.of(0, 0).p());
    assertTrue(McNemar.of(12, 12).exact());
    assertFalse(McNemar.of(12, 13).exact());
    // Edwards: (|59 - 121| - 1)^2 / 180 = 20.672; its tail, from the complementary error function.
    assertEquals(5.45e-6, McNemar.of(59, 121).p(), 0.01e-6);
    assertEquals(1, McNemar.of(15, 15).p(), 1e-12);
    assertEquals(
        "counts must not be negative: -1, 2",
        assertThrows(IllegalArgumentException.class, () -> McNemar.of(-1, 2)).getMessage());
  }

  @Test
  void refusesOtherCandidatesNamingBothHashes() {
    Outcomes a = RandomRows.predictions("iLoRA", 1, 0.5);
    Outcomes b = new Outcomes("LLaRA", 1, "scores", "sha256:bb", a.rows());
    assertRefused(
        "cannot compare iLoRA with LLaRA: different candidates, sha256:aa and sha256:bb", a, b);
  }

  @Test
  void refusesOtherRows() {
    Outcomes a = RandomRows.predictions("iLoRA", 1, 0.5);
    Outcomes fewer = predictions("LLaRA", a.rows().subList(0, 7));
    assertRefused("cannot compare iLoRA with LLaRA: different rows, 120 and 7", a, fewer);
    List<Outcome> swapped = new ArrayList<>(a.rows());
    swapped.set(1, a.rows().get(2));
    assertRefused(
        "cannot compare iLoRA with LLaRA: different rows, first row 1 (user u0, target 7) and row 2"
            + " (user u0, target 14)",
        a,
        predictions("LLaRA", swapped));
    assertEquals(
        "a paired test needs at least one run of each method",
        assertThrows(
                IllegalArgumentException.class,
                () -> PairedTest.of(List.of(a), List.of(), Metric.HR_1, BOOTSTRAP))
            .getMessage());
  }

  private static void assertRefused(String message, Outcomes a, Outcomes b) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> PairedTest.of(List.of(a), List.of(b), Metric.HR_1, BOOTSTRAP))
            .getMessage());
  }

  private static Outcomes predictions(String method, List<Outcome> rows) {
    return new Outcomes(method, 1, "scores", "sha256:aa", rows);
  }
}
