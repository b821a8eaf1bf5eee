package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.GateConfig;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static final Path RECIPES =
      Path.of(System.getProperty("ilora.root", "..")).resolve("recipes");

  private static List<String> mistakes(String... words) {
    return assertThrows(ConfigException.class, () -> Config.bind(Recipe.class, List.of(words)))
        .mistakes();
  }

  @Test
  void everyCheckedInRecipeBindsAndSurvivesBeingWritten() throws IOException {
    List<Path> files;
    try (var found = Files.walk(RECIPES)) {
      files =
          found
              .filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !file.endsWith("ilora-base.yaml"))
              .sorted()
              .toList();
    }
    assertFalse(files.isEmpty());
    for (Path file : files) {
      Recipe recipe = Config.bind(Recipe.class, file, List.of("data=some/data"));
      Recipe again = Config.bind(Recipe.class, "merged", Config.yaml(recipe), List.of());
      assertEquals(recipe, again, file.toString());
    }
  }

  @Test
  void unknownMethodsAndKeysAreNamedTogetherWithWhatIsKnown() {
    assertEquals(
        List.of(
            "command line: minHistry: unknown key; did you mean rows.minHistory?",
            "command line: method = ilra: expected one of popularity, gru4rec, caser, sasrec,"
                + " zero-shot, tallrec, llara, ilora; did you mean ilora?",
            "command line: data: missing; expected a path",
            "command line: adapter.gate = cubic: expected one of linear, per-layer, mlp,"
                + " top-k, noisy, residual"),
        mistakes("method=ilra", "minHistry=5", "adapter.gate=cubic"));
  }

  @Test
  void aGateIsAWordOrAKindWithSizes() {
    List<String> words = List.of("method=ilora", "data=d", "prompt.embeddings=slot");
    Recipe word = Config.bind(Recipe.class, "r", "adapter: {gate: top-k, experts: 4}", words);
    assertEquals(new GateConfig.TopK(Optional.empty()), word.adapter().gate());
    assertTrue(Config.yaml(word).contains("\n  gate: top-k\n"));
    Recipe sizes =
        Config.bind(Recipe.class, "r", "adapter: {gate: {kind: noisy, top: 3}, experts: 4}", words);
    assertEquals(new GateConfig.Noisy(Optional.of(3), 0.1), sizes.adapter().gate());
    assertEquals(sizes, Config.bind(Recipe.class, "merged", Config.yaml(sizes), List.of()));
  }

  @Test
  void settingsThatContradictTheMethodAreRefused() {
    assertEquals(
        List.of("command line: method TALLRec has one expert: adapter.experts must be 1, not 4"),
        mistakes("method=tallrec", "data=d", "adapter.experts=4"));
  }

  @Test
  void aRecipeIsCalledByItsNameOrElseItsMethods() {
    Recipe plain = Config.bind(Recipe.class, List.of("method=zero-shot", "data=d"));
    assertEquals("Zero-shot LLM", plain.label());
    assertEquals("zero-shot", plain.folderName());
    Recipe named =
        Config.bind(
            Recipe.class, List.of("method=sasrec", "data=d", "name= SASRec + *dropout* (0.5) "));
    assertEquals("sasrec-dropout-0-5", named.folderName());
    assertEquals(named, Config.bind(Recipe.class, "merged", Config.yaml(named), List.of()));
  }

  @Test
  void aKeyOfTheRecommenderChangesNothingButItself() {
    List<String> words =
        List.of("epochs=7", "batch=32", "learningRate=0.1", "patience=4", "width=8", "dropout=0.3");
    for (String word : words) {
      List<String> changed = differences(small("recommender." + word), small());
      assertEquals(1, changed.size(), word + " changed " + changed);
    }
    assertEquals(
        "up to 7 epochs, batches of 64, rate 0.004, patience 10",
        small("recommender.epochs=7").schedule());
  }

  private static RecommenderConfig small(String... more) {
    List<String> words = new ArrayList<>(List.of("method=sasrec", "data=d"));
    words.addAll(List.of(more));
    return Config.bind(Recipe.class, words)
        .recommender()
        .config(Architecture.Model.SASREC, 10, 1, 2000);
  }

  private static List<String> differences(RecommenderConfig first, RecommenderConfig second) {
    List<String> others = Config.yaml(second).lines().toList();
    return Config.yaml(first).lines().filter(line -> !others.contains(line)).toList();
  }

  @Test
  void aRunKnowsItsSeedAndNoNumberOfSeeds() {
    Recipe recipe = Config.bind(Recipe.class, List.of("method=sasrec", "data=d", "seeds=5"));
    assertEquals(Optional.of(5), recipe.seeds());
    assertEquals(
        Config.bind(Recipe.class, List.of("method=sasrec", "data=d", "seed=3")), recipe.run(3));
  }

  @Test
  void iloraBaseIsAdaptedInATypeThatARunDecidesWhereNothingElseIsSaid() {
    Recipe usual = Config.bind(Recipe.class, List.of("method=zero-shot", "data=d"));
    assertEquals(BaseModels.OURS, usual.llm().path());
    assertEquals(Recipe.BaseSettings.Precision.AUTO, usual.llm().dtype());
    Recipe wide =
        Config.bind(Recipe.class, List.of("method=zero-shot", "data=d", "llm.dtype=bf16"));
    assertEquals(DType.BF16, wide.llm().type());
  }
}
