package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.Cost;
import dev.ilora.runs.MadeUpRun;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.RandomRows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);

  private static Run run(Method method, double skill) {
    return MadeUpRun.of(
        MadeUpRun.record(method.label(), 1)
            .plus(Phase.TRAIN, Cost.ofSeconds(12))
            .plus(Phase.EVALUATE, Cost.ofSeconds(1)),
        RandomRows.predictions(method.label(), 1, skill));
  }

  private static Verdict judged(Run... runs) {
    List<Run> all = List.of(runs);
    return Verdict.of(ResultTable.of(all, "", BOOTSTRAP), all, BOOTSTRAP);
  }

  private static String verdict(Run... runs) {
    return String.join(" ", judged(runs).sentences());
  }

  @Test
  void theBestMethodIsNamedWithItsLead() {
    Verdict verdict =
        judged(run(Method.POPULARITY, 0.05), run(Method.SASREC, 0.9), run(Method.GRU4REC, 0.4));
    assertEquals("SASRec", verdict.best());
    String words = String.join(" ", verdict.sentences());
    assertTrue(words.startsWith("Use SASRec. It puts the right item first in "), words);
    assertTrue(words.contains("GRU4Rec is next, "), words);
    assertTrue(words.contains("The lead is larger than chance"), words);
    assertTrue(words.contains("points above showing what is most popular."), words);
  }

  @Test
  void aLeadThatMayBeChanceIsCalledSo() {
    String words = verdict(run(Method.SASREC, 0.5), run(Method.GRU4REC, 0.38));
    assertTrue(words.contains("That may be chance: either of the two may be the better"), words);
  }

  @Test
  void whatStillImprovedIsNamedInsteadOfSayingThatMoreTrainingTellsLittle() {
    String words = verdict(validated(Method.SASREC, 0.2, 0.3), run(Method.GRU4REC, 0.3));
    assertTrue(
        words.contains(
            "Next, train longer what was still improving at its last validation: SASRec"
                + " (recommender.epochs)."),
        words);
    assertFalse(words.contains("than more training"), words);
    String ended = verdict(validated(Method.SASREC, 0.3, 0.2), run(Method.GRU4REC, 0.3));
    assertFalse(ended.contains("train longer"), ended);
  }

  /** A run that was validated after each of two epochs. */
  private static Run validated(Method method, double first, double second) {
    Run run = run(method, 0.9);
    return new Run(
        run.folder(),
        run.record(),
        run.outcomes(),
        List.of(point(1, first), point(2, second)),
        run.experts(),
        run.facts(),
        run.samples());
  }

  private static TrainingPoint point(int epoch, double hitRate) {
    return new TrainingPoint(
        10L * epoch,
        Map.of(TrainingPoint.EPOCH, (double) epoch, TrainingPoint.VALIDATION_HIT_RATE, hitRate));
  }

  @Test
  void aLeadOverPopularityIsToldOnceWithCandidatesAndInterval() {
    String words = verdict(run(Method.POPULARITY, 0.1), run(Method.SASREC, 0.9));
    assertTrue(words.contains("Popularity is next, "), words);
    assertFalse(words.contains("showing what is most popular"), words);
    assertTrue(words.contains(" candidates (95 % interval "), words);
  }

  @Test
  void whereNothingBeatsPopularityThatIsSaid() {
    String words = verdict(run(Method.POPULARITY, 0.9), run(Method.SASREC, 0.1));
    assertTrue(words.startsWith("Use Popularity."), words);
    assertTrue(words.contains("Nothing beats showing what is most popular."), words);
  }
}
