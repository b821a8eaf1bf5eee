package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidationCurveTest {
  private static final double CHANCE = 0.05;

  private static ValidationCurve epochs(double... hitRates) {
    List<TrainingPoint> points = new ArrayList<>();
    for (double hitRate : hitRates) {
      double epoch = points.size() + 1;
      points.add(
          new TrainingPoint(
              Math.round(epoch * 30),
              Map.of(TrainingPoint.EPOCH, epoch, TrainingPoint.VALIDATION_HIT_RATE, hitRate)));
    }
    return ValidationCurve.of(points, CHANCE).orElseThrow();
  }

  @Test
  void epochsAreCountedWhereACurveHasThemAndStepsElsewhere() {
    assertEquals(ValidationCurve.Unit.EPOCH, epochs(0.1, 0.2).unit());
    assertEquals(2, epochs(0.1, 0.2).points().getLast().at());
    List<TrainingPoint> steps =
        List.of(
            new TrainingPoint(10, Map.of(TrainingPoint.LOSS, 2.0)),
            new TrainingPoint(20, Map.of(TrainingPoint.VALIDATION_HIT_RATE, 0.3)));
    ValidationCurve curve = ValidationCurve.of(steps, CHANCE).orElseThrow();
    assertEquals(ValidationCurve.Unit.STEP, curve.unit());
    assertEquals(List.of(new ValidationCurve.Point(20, 0.3, 0.3)), curve.points());
  }

  @Test
  void aTrainingThatWasNotValidatedHasNoCurve() {
    assertEquals(
        Optional.empty(),
        ValidationCurve.of(List.of(new TrainingPoint(1, Map.of(TrainingPoint.LOSS, 2.0))), CHANCE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ValidationCurve(ValidationCurve.Unit.STEP, List.of(), CHANCE));
  }

  @Test
  void theFirstOfTheBestIsTaken() {
    assertEquals(1, epochs(0.1, 0.4, 0.4, 0.3).chosen());
    assertEquals(List.of(), epochs(0.1, 0.4, 0.4, 0.3).remarks());
  }

  @Test
  void theReciprocalRankDecidesWhereItWasMeasured() {
    List<TrainingPoint> steps =
        List.of(
            new TrainingPoint(
                10,
                Map.of(
                    TrainingPoint.VALIDATION_HIT_RATE,
                    0.3,
                    TrainingPoint.VALIDATION_RECIPROCAL_RANK,
                    0.4)),
            new TrainingPoint(
                20,
                Map.of(
                    TrainingPoint.VALIDATION_HIT_RATE,
                    0.2,
                    TrainingPoint.VALIDATION_RECIPROCAL_RANK,
                    0.5)));
    assertEquals(1, ValidationCurve.of(steps, CHANCE).orElseThrow().chosen());
  }

  @Test
  void aBestValidationThatIsTheLastIsRemarked() {
    assertEquals(
        List.of("The last validation, after epoch 3, was the best: more epochs may help."),
        epochs(0.1, 0.2, 0.3).remarks());
    assertEquals(List.of(), epochs(0.3).remarks(), "one validation alone says nothing of it");
  }

  @Test
  void aValidationNearChanceIsRemarked() {
    assertEquals(
        List.of("Validation stays near chance: HR@1 is 0.062 at best, and guessing gives 0.050."),
        epochs(0.05, 0.062, 0.04).remarks());
  }
}
