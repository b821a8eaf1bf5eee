package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCurveTest {
  @TempDir Path folder;
  private TrainingCurve curve;

  @BeforeEach
  void open() {
    curve = new TrainingCurve(folder.resolve("curve.jsonl"));
  }

  @Test
  void keepsPointsInTheirOrder() {
    TrainingPoint first = new TrainingPoint(0, Map.of(TrainingPoint.LOSS, 3.5));
    TrainingPoint second = new TrainingPoint(10, Map.of(TrainingPoint.LEARNING_RATE, 0.25));
    curve.append(first);
    curve.append(second);
    assertEquals(List.of(first, second), curve.read());
  }

  @Test
  void aTornLastLineIsIgnoredAndThenReplaced() throws Exception {
    curve.append(point(1));
    Files.writeString(curve.file(), "{\"step\":2,\"lo", StandardOpenOption.APPEND);
    assertEquals(List.of(point(1)), curve.read());
    curve.append(point(3));
    assertEquals(List.of(point(1), point(3)), curve.read());
  }

  @Test
  void aFileThatIsOneTornLineStartsAnew() throws Exception {
    Files.writeString(curve.file(), "{\"st");
    assertEquals(List.of(), curve.read());
    curve.append(point(1));
    assertEquals(List.of(point(1)), curve.read());
  }

  @Test
  void stepsRepeatedAfterAResumptionCountOnce() {
    for (long step : new long[] {1, 2, 3, 4, 3, 4, 5}) {
      curve.append(point(step));
    }
    assertEquals(List.of(point(1), point(2), point(3), point(4), point(5)), curve.read());
  }

  @Test
  void aTrainingThatRepeatsStepsTakesThemAwayFirst() throws Exception {
    curve.cutAt(1);
    for (long step : new long[] {1, 10, 20}) {
      curve.append(point(step));
    }
    List<String> whole = Files.readAllLines(curve.file());
    Files.writeString(curve.file(), "{\"step\":30,\"lo", StandardOpenOption.APPEND);
    curve.cutAt(10);
    assertEquals(whole.subList(0, 1), Files.readAllLines(curve.file()));
    curve.append(point(10));
    curve.cutAt(20);
    assertEquals(whole.subList(0, 2), Files.readAllLines(curve.file()));
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    Files.writeString(curve.file(), "{\"step\":1}\nnonsense\n");
    assertEquals(
        curve.file() + ":2: not a JSON object: nonsense",
        assertThrows(BadInputException.class, curve::read).getMessage());
    Files.writeString(curve.file(), "{\"step\":1,\"loss\":\"low\"}\n");
    assertEquals(
        curve.file() + ":1: field 'loss' is \"low\", expected a number",
        assertThrows(BadInputException.class, curve::read).getMessage());
    assertEquals(
        "step 7: value of 'loss' is NaN, not finite",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingPoint(7, Map.of("loss", Double.NaN)))
            .getMessage());
    assertEquals(
        "a value must not be named 'step'",
        assertThrows(
                IllegalArgumentException.class, () -> new TrainingPoint(7, Map.of("step", 1.0)))
            .getMessage());
  }

  private static TrainingPoint point(long step) {
    return new TrainingPoint(step, Map.of(TrainingPoint.LOSS, 1.0 / step));
  }
}
