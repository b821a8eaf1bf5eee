package dev.ilora.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code --dry-run} of training and of asking. */
class DryRunTest extends RunsCommands {
  @TempDir private Path folder;

  /**
   * The estimate that a process of its own prints: memory that other tests freed would be taken
   * again here, and so not be counted.
   */
  private JsonNode estimate(List<String> words) throws IOException, InterruptedException {
    Path told = folder.resolve("told.txt");
    Process process =
        Program.with(words.toArray(String[]::new)).redirectError(told.toFile()).start();
    String json = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), Files.readString(told) + json);
    JsonNode result = JsonMapper.shared().readTree(json);
    assertTrue(result.get("fits").asBoolean(), json);
    assertTrue(result.get("parts").get("weights").asLong() > 1_000_000, json);
    assertTrue(
        result.get("peakBytes").asLong() > result.get("parts").get("weights").asLong(), json);
    assertTrue(result.get("availableBytes").asLong() > result.get("peakBytes").asLong(), json);
    assertTrue(result.get("seconds").asDouble() > 0, json);
    return result;
  }

  @Test
  void saysWhatATrainingAndARequestTake() throws IOException, InterruptedException {
    Dataset data = DemoWorld.generate(1);
    DatasetFolder.write(data, folder.resolve("data"));
    Path recipe =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            method: tallrec
            name: Mine
            rows: {testRows: 8, validRows: 8}
            llm: {dtype: fp32}
            training: {steps: 2, batch: 4, microBatch: 2, validations: 1}
            evaluation: {batch: 4}
            """);
    Path runs = folder.resolve("runs");
    List<String> train =
        List.of(
            "train", recipe.toString(), "data=" + folder.resolve("data"), "--out", runs.toString());
    List<String> dry = new ArrayList<>(train);
    dry.addAll(List.of("--dry-run", "--json"));
    assertEquals(
        List.of("weights", "trained", "optimiser", "activations", "evaluation", "other"),
        List.copyOf(estimate(dry).get("parts").propertyNames()));
    Path run = runs.resolve("mine-seed1");
    assertFalse(Files.exists(run));

    assertEquals(0, run(train.toArray(String[]::new)), err::toString);
    String key = data.items().getFirst().key();
    JsonNode request =
        estimate(List.of("recommend", run.toString(), "--history", key, "--dry-run", "--json"));
    assertEquals(
        List.of("weights", "other", "request"), List.copyOf(request.get("parts").propertyNames()));
    assertEquals(
        2, run("recommend", run.toString(), "--requests", "none", "--out", "x", "--dry-run"));
    assertTrue(err.toString().contains("--dry-run goes with"), err::toString);
  }
}
