package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class PerformancePageTest {
  @TempDir private Path folder;

  private static BenchResult result() {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("width", 512);
    sizes.put("data", "ml-100k");
    return new BenchResult(
        "train",
        "ilora bench train",
        "2026-01-02",
        Map.of("cpus", "2"),
        sizes,
        List.of(
            Measurement.of(
                "ilora fp32",
                new Timing(List.of(1.0, 3.0, 2.0)),
                Map.of("tokensPerSecond", 12345.6)),
            Measurement.of("products fp32", new Timing(List.of(0.5)), Map.of("gflops", 250.25))),
        List.of(
            Goal.atLeast("speed", 4, 4.0),
            Goal.atMost("memory", 0.6, 0.61),
            Goal.atMost("peak", 0.6, null)));
  }

  @Test
  void goalsAreReachedAtTheirBound() {
    assertEquals(new Goal("x", ">= 4", 4.0, true), Goal.atLeast("x", 4, 4.0));
    assertEquals(new Goal("x", ">= 4", 3.99, false), Goal.atLeast("x", 4, 3.99));
    assertEquals(new Goal("x", "<= 1.25", 1.25, true), Goal.atMost("x", 1.25, 1.25));
    assertEquals(new Goal("x", "<= 1.25", 1.26, false), Goal.atMost("x", 1.25, 1.26));
    assertEquals(new Goal("x", "<= 1.25", null, null), Goal.atMost("x", 1.25, null));
  }

  @Test
  void thePageTellsGoalsCommandMachineAndFigures() {
    String page = PerformancePage.of(List.of(result()));
    assertTrue(
        page.contains(
            """
            | goal | wanted | measured | |
            |---|---|---|---|
            | speed | >= 4 | 4.000 | reached |
            | memory | <= 0.6 | 0.610 | not reached |
            | peak | <= 0.6 | not available |  |
            """),
        page);
    assertTrue(
        page.endsWith(
            """
            ## bench train

                ilora bench train

            Measured on 2026-01-02; cpus 2.
            Sizes: width 512, data ml-100k.

            | variant | seconds | tokens per second | gflops |
            | --- | --- | --- | --- |
            | ilora fp32 | 2.000 [1.000 .. 3.000] | 12,346 |  |
            | products fp32 | 0.500 [0.500 .. 0.500] |  | 250.3 |
            """),
        page);
  }

  @Test
  void aResultReadsBackAsItWasWritten() throws IOException {
    Path file = folder.resolve("train.json");
    Files.writeString(file, JsonMapper.shared().writeValueAsString(result()));
    assertEquals(result(), BenchResult.read(file));
  }

  @Test
  void refusesWhatIsNoResult() throws IOException {
    Path file = folder.resolve("x.json");
    assertMessage(file + ": no such file", file);
    Files.writeString(file, "{\"bench\": \"train\"}");
    assertMessage(file + ": is not the result of a bench: it has no 'command'", file);
    Files.writeString(file, "[1");
    var error = assertThrows(BadInputException.class, () -> BenchResult.read(file));
    assertTrue(error.getMessage().contains("is not the result of a bench: "), error.getMessage());
  }

  @Test
  void everyFieldIsNeeded() throws IOException {
    Path file = folder.resolve("x.json");
    String whole = JsonMapper.shared().writeValueAsString(result());
    String lacking = whole.replaceFirst("\"name\":\"[^\"]*\"", "\"name\":null");
    for (String changed :
        List.of(
            lacking,
            whole.replaceFirst("\"name\":\"[^\"]*\",", ""),
            whole.replaceFirst("\"text\":\"[^\"]*\"", "\"text\":null"),
            whole.replaceFirst("\"command\":\"[^\"]*\"", "\"command\":null"),
            whole.replaceFirst("\"median_seconds\"", "\"x\""))) {
      Files.writeString(file, changed);
      var error = assertThrows(BadInputException.class, () -> BenchResult.read(file));
      assertTrue(
          error.getMessage().startsWith(file + ": is not the result of a bench: "),
          error.getMessage());
    }
  }

  private static void assertMessage(String expected, Path file) {
    var error = assertThrows(BadInputException.class, () -> BenchResult.read(file));
    assertEquals(expected, error.getMessage());
  }
}
