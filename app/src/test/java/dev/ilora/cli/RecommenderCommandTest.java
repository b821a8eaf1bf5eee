package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.files.OtherProcess;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private String trained(String name, String... more) {
    String model = folder.resolve(name).toString();
    List<String> words =
        new ArrayList<>(
            List.of("recommender", "train", "demo", "--out", model, "recommender.epochs=1"));
    words.addAll(List.of(more));
    assertEquals(0, run(words.toArray(String[]::new)), err::toString);
    return model;
  }

  @Test
  void takesEveryKeyOfARecipe() {
    String model = trained("narrow", "recommender.width=8", "rows.history=6", "seed=4");
    try (var narrow = (SequenceRecommender) ItemScorer.load(Path.of(model))) {
      assertEquals(8, narrow.architecture().width());
      assertEquals(6, narrow.historyLength());
    }
    assertEquals(
        0,
        run("recommender", "eval", model, "demo", "rows.candidates=50", "--json"),
        err::toString);
    assertTrue(JsonMapper.shared().readTree(out.toString()).has("candidates50"), out::toString);
    assertEquals(2, run("recommender", "eval", model, "demo", "rows.candidate=50"));
    assertTrue(err.toString().contains("did you mean rows.candidates"), err::toString);
    assertEquals(2, run("recommender", "train", "demo", "rows", "--out", folder + "/x"));
    assertTrue(err.toString().contains("'rows': expected key=value"), err::toString);
  }

  @Test
  void isNotEvaluatedOnWhatItWasNotTrainedFor() {
    String model = trained("model");
    assertEquals(0, run("recommender", "eval", model, "demo"), err::toString);
    String[][] others = {
      {
        "rows.split=leave-one-out",
        "was trained with the split users-by-time, this is leave-one-out"
      },
      {"rows.history=5", "was trained on histories of 10 items, these have up to 5"},
    };
    for (String[] other : others) {
      assertEquals(3, run("recommender", "eval", model, "demo", other[0]), out::toString);
      assertTrue(err.toString().contains(model + ": " + other[1]), err::toString);
      assertEquals(0, run("recommender", "eval", model, "demo", other[0], "--force"));
      assertTrue(err.toString().contains("Careful: " + model + " " + other[1]), err::toString);
    }
  }

  @Test
  void saysWhetherSeenItemsAreRanked() {
    String model = trained("model");
    assertEquals(0, run("recommender", "eval", model, "demo"), err::toString);
    assertTrue(out.toString().contains("HR@20") && out.toString().contains("NDCG@20"));
    assertTrue(out.toString().contains("is ranked too; --mask-seen leaves it out."));
    double all = fullRank(model);
    double masked = fullRank(model, "--mask-seen");
    assertTrue(masked > all, masked + " " + all);
  }

  private double fullRank(String model, String... more) {
    List<String> words = new ArrayList<>(List.of("recommender", "eval", model, "demo", "--json"));
    words.addAll(List.of(more));
    assertEquals(0, run(words.toArray(String[]::new)), err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals(more.length > 0, result.get("seenMasked").asBoolean());
    return result.get("fullCatalogue").get("mrr").asDouble();
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
  void neitherTrainingNorImportWritesWhereAnotherProcessDoes() throws IOException {
    Path model = folder.resolve("model");
    String weights = trained("made") + "/recommender.safetensors";
    try (OtherProcess other = OtherProcess.locking(model)) {
      String inUse = "ilora: %s: is in use by process %s on ".formatted(model, other.pid());
      assertEquals(3, run("recommender", "import", weights, "--out", model.toString()));
      assertTrue(err.toString().startsWith(inUse), err::toString);
      assertEquals(3, run("recommender", "train", "demo", "--out", model.toString()));
      assertTrue(err.toString().startsWith(inUse), err::toString);
    }
    assertFalse(Files.exists(model));
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
