package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunRecordTest {
  private static final RunRecord WHOLE =
      MadeUpRun.record("iLoRA + user slot", Method.ILORA, 1)
          .withCandidates("sha256:aa")
          .withBaseModel("sha256:bb")
          .withTrainedParameters(189_000)
          .plus(Phase.TRAIN, new Cost(12.5, OptionalInt.of(2), OptionalLong.of(5L << 30)))
          .plus(Phase.EVALUATE, Cost.ofSeconds(1.5))
          .plus(Phase.EVALUATE_PAPER_CASES, Cost.ofSeconds(0.5))
          .plus(Phase.SHARED, Cost.ofSeconds(100))
          .plus(Phase.REHEARSE, Cost.ofSeconds(10))
          .withMetrics(Map.of("hr@1", 0.5))
          .withNote("chronological order")
          .finishedAt(MadeUpRun.NOON.plusSeconds(14));

  @TempDir Path folder;

  private RunFolder run() {
    return RunFolder.create(folder);
  }

  @Test
  void isReadAsItWasWritten() {
    for (RunRecord record : List.of(WHOLE, MadeUpRun.record("SASRec", 2))) {
      run().write(record);
      assertEquals(record, run().record());
    }
  }

  @Test
  void countsTheTimeOfItsOwnPhasesOnly() {
    assertEquals(14.5, WHOLE.ownSeconds());
    assertEquals(0, MadeUpRun.record("SASRec", 2).ownSeconds());
  }

  @Test
  void aPhaseTakenUpAgainHasCostBothTimesAndTheLargerPeak() {
    RunRecord again = WHOLE.plus(Phase.TRAIN, new Cost(2.5, OptionalInt.of(1), OptionalLong.of(7)));
    assertEquals(
        new Cost(15, OptionalInt.of(1), OptionalLong.of(5L << 30)), again.costs().get(Phase.TRAIN));
    assertEquals(
        new Cost(3, OptionalInt.of(4), OptionalLong.of(9)),
        Cost.ofSeconds(1).plus(new Cost(2, OptionalInt.of(4), OptionalLong.of(9))));
    assertThrows(IllegalArgumentException.class, () -> Cost.ofSeconds(-1));
  }

  @Test
  void aNoteIsKeptOnce() {
    assertEquals(
        List.of("chronological order", "cut"),
        WHOLE.withNote("cut").withNote("cut").withNote("chronological order").result().notes());
  }

  @Test
  void knowsThePlainFormOfItsMethod() {
    assertFalse(WHOLE.identity().plain());
    assertTrue(MadeUpRun.record("SASRec", 2).identity().plain());
  }

  @Test
  void namesAreInCamelCaseAndWhatIsAbsentHasNoField() throws Exception {
    run().write(WHOLE);
    JsonNode json = JsonMapper.shared().readTree(Files.readString(run().recordFile()));
    assertEquals(
        List.of("schema", "identity", "inputs", "costs", "result"),
        List.copyOf(json.propertyNames()));
    assertEquals("ilora", json.at("/identity/method").stringValue());
    assertEquals(2, json.at("/costs/train/threads").intValue());
    assertEquals(0.5, json.at("/costs/evaluatePaperCases/seconds").doubleValue());
    assertEquals("cpu", json.at("/identity/environment/device").stringValue());
    run().write(MadeUpRun.record("Zero-shot LLM", 2));
    JsonNode begun = JsonMapper.shared().readTree(Files.readString(run().recordFile()));
    assertEquals("zeroShot", begun.at("/identity/method").stringValue());
    assertFalse(begun.get("inputs").has("candidatesHash"));
    assertFalse(begun.get("result").has("finished"));
  }

  @Test
  void filesItCannotReadAreRefusedNamingTheField() throws Exception {
    assertRefused(
        "{\"schema\": 7}",
        "schema is 7, written by a later version of ilora; this version reads 2");
    assertRefused("{\"schema\": 2}", "field 'identity' is missing, expected an object");
    run().write(WHOLE);
    String text = Files.readString(run().recordFile());
    assertRefused(
        text.replace("2026-01-31T12:00:00Z", "noon"),
        "field 'identity.started' is \"noon\", expected a time such as 2026-01-31T12:00:00Z");
    assertRefused(
        text.replace("\"seed\" : 1", "\"seed\" : \"1\""),
        "field 'identity.seed' is \"1\", expected a whole number");
    assertRefused(
        text.replace("\"seed\" :", "\"sede\" :"),
        "field 'identity.seed' is missing, expected a whole number");
    assertRefused(
        text.replace("\"seed\" :", "\"luck\" : 1, \"seed\" :"), "unknown field 'identity.luck'");
    assertRefused(
        text.replace("\"ilora\",\n    \"seed", "\"lora\",\n    \"seed"),
        "field 'identity.method' is \"lora\", expected one of popularity, gru4rec, caser, sasrec,"
            + " zeroShot, tallrec, llara, ilora");
    assertRefused(
        text.replace("\"seconds\" : 12.5", "\"seconds\" : -1"),
        "seconds must be at least 0, not -1.0");
    assertRefused(
        text.replace("\"evaluatePaperCases\"", "\"sleep\""),
        "field 'costs' is \"sleep\", expected one of shared, rehearse, train, evaluate,"
            + " evaluatePaperCases");
  }

  private void assertRefused(String content, String message) throws Exception {
    Path file = run().recordFile();
    Files.writeString(file, content);
    assertEquals(
        file + ":1: " + message,
        assertThrows(BadInputException.class, () -> run().record()).getMessage());
  }

  @Test
  void ofARunThatGoesOnIsWrittenWhereItIsFlushed() {
    run().write(MadeUpRun.record("SASRec", 2));
    LiveRecord live = LiveRecord.of(run());
    live.change(now -> now.withBaseModel("sha256:bb"));
    live.change(now -> now.plus(Phase.TRAIN, Cost.ofSeconds(1)));
    assertEquals(Optional.of("sha256:bb"), live.now().inputs().baseModelHash());
    assertEquals(MadeUpRun.record("SASRec", 2).costs(), run().record().costs());
    live.flush();
    assertEquals(live.now(), run().record());
  }
}
