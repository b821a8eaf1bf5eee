package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecommenderCommandTest extends RunsCommands {
  @TempDir private Path folder;

  @Test
  void trainsOnTheDemoWorldAndBeatsChance() {
    String model = folder.resolve("model").toString();
    int trained =
        run("recommender", "train", "demo", "--model", "gru4rec", "--epochs", "1", "--out", model);
    assertEquals(0, trained, err::toString);
    assertTrue(out.toString().startsWith("GRU4Rec: best epoch 1 of 1, "), out::toString);
    assertTrue(Files.exists(folder.resolve("model").resolve("curve.jsonl")));
    assertFalse(Files.exists(folder.resolve("model-checkpoints")));
    assertEquals(0, run("recommender", "eval", model, "demo", "--every", "--json"), err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals("GRU4Rec", result.get("recommender").asString());
    double hits = result.get("candidates20").get("hr@5").asDouble();
    assertTrue(hits > 5 / 20.0, out::toString);
    assertTrue(result.get("fullCatalogue").get("mrr").asDouble() > 0, out::toString);
  }

  @Test
  void countsPopularity() {
    String model = folder.resolve("popularity").toString();
    int counted = run("recommender", "train", "demo", "--model", "popularity", "--out", model);
    assertEquals(0, counted, err::toString);
    assertEquals(0, run("recommender", "eval", model, "demo"), err::toString);
    assertTrue(out.toString().startsWith("Popularity  candidates20 "), out::toString);
  }

  @Test
  void importsWeightsInTheReleasedLayout() {
    Path made = folder.resolve("made");
    Architecture sizes = Architecture.released(Architecture.Model.CASER, 1682);
    try (var caser = SequenceRecommender.create(sizes, 1, Device.CPU)) {
      caser.save(made, Map.of());
    }
    Path weights = made.resolve("recommender.safetensors");
    String model = folder.resolve("caser").toString();
    assertEquals(
        0, run("recommender", "import", weights.toString(), "--out", model), err::toString);
    assertEquals(
        "Caser, 1,682 items, 64 wide, histories of 10; saved in " + model, out.toString().strip());
    assertEquals(3, run("recommender", "eval", model, "demo"), err::toString);
    assertTrue(err.toString().contains("knows 1682 items, but "), err::toString);
  }

  @Test
  void refusesWhatItCannotUse() {
    String missing = folder.resolve("none.safetensors").toString();
    assertEquals(
        3, run("recommender", "import", missing, "--out", folder.toString()), err::toString);
    assertEquals("ilora: " + missing + ": no such file", err.toString().strip());
    assertEquals(
        2, run("recommender", "train", "demo", "--model", "bert", "--out", folder.toString()));
    assertEquals(
        "ilora: recommender 'bert': expected SASRec, GRU4Rec or Caser", err.toString().strip());
    assertEquals(2, run("recommender", "train", "demo"), err::toString);
    assertEquals(3, run("recommender", "eval", folder.toString(), "demo"), err::toString);
    assertTrue(err.toString().contains("recommender.safetensors: no such file"), err::toString);
  }
}
