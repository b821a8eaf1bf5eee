package dev.ilora.cli;

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

  private JsonNode result() {
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    out.getBuffer().setLength(0);
    assertTrue(result.get("fits").asBoolean(), result::toString);
    assertTrue(result.get("parts").get("weights").asLong() > 1_000_000, result::toString);
    assertTrue(result.get("peakBytes").asLong() > result.get("parts").get("weights").asLong());
    assertTrue(result.get("availableBytes").asLong() > result.get("peakBytes").asLong());
    assertTrue(result.get("seconds").asDouble() > 0);
    return result;
  }

  @Test
  void saysWhatATrainingAndARequestTake() throws IOException {
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
    assertEquals(0, run(dry.toArray(String[]::new)), err::toString);
    JsonNode estimate = result();
    assertEquals(
        List.of("weights", "trained", "optimiser", "activations", "evaluation", "other"),
        List.copyOf(estimate.get("parts").propertyNames()));
    Path run = runs.resolve("mine-seed1");
    assertFalse(Files.exists(run.resolve("model")));

    assertEquals(0, run(train.toArray(String[]::new)), err::toString);
    out.getBuffer().setLength(0);
    String key = data.items().getFirst().key();
    assertEquals(
        0,
        run("recommend", run.toString(), "--history", key, "--dry-run", "--json"),
        err::toString);
    assertEquals(
        List.of("weights", "other", "request"), List.copyOf(result().get("parts").propertyNames()));
    assertEquals(
        2, run("recommend", run.toString(), "--requests", "none", "--out", "x", "--dry-run"));
    assertTrue(err.toString().contains("--dry-run goes with"), err::toString);
  }
}
