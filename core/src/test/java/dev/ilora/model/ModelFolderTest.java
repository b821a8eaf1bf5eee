package dev.ilora.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.Guidance;
import dev.ilora.tensor.Scope;
import dev.ilora.text.ItemEmbeddings;
import dev.ilora.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path temporary;
  private Scope scope;
  private Tokenizer tokenizer;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    scope = Scope.open();
    tokenizer = TinyModels.tokenizer(temporary);
    folder = temporary.resolve("model");
  }

  @AfterEach
  void close() {
    scope.close();
    tokenizer.close();
  }

  private PromptModel save(TinyModels.Kind kind) {
    PromptModel model = TinyModels.trained(tokenizer, kind);
    ModelFolder.save(model, folder, "base-a", Map.of("method", "iLoRA", "seed", 3));
    return model;
  }

  private PromptModel load(ItemEmbeddings form, String hash) {
    return ModelFolder.load(
        folder,
        TinyModels.llama(tokenizer),
        hash,
        TinyModels.encoder(tokenizer, form),
        TinyModels.encoder(tokenizer, ItemEmbeddings.NONE));
  }

  private String refusal(String hash) {
    return assertThrows(BadInputException.class, () -> load(ItemEmbeddings.SLOT, hash))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "SLOT, LINEAR, SEQUENCE",
    "TITLE_TOKENS, RESIDUAL, SEQUENCE",
    "USER, PER_LAYER, RANDOM",
    "NONE, NONE, SEQUENCE",
    "NONE, LINEAR, PROMPT_MEAN"
  })
  void comesBackWithTheSameScores(ItemEmbeddings form, GateConfig.Kind gate, Guidance guidance) {
    PromptModel model = save(new TinyModels.Kind(form, gate, guidance, 0.1));
    PromptModel back = load(form, "base-a");
    List<CandidateScores> expected = model.scores(TinyModels.queries());
    List<CandidateScores> scores = back.scores(TinyModels.queries());
    for (int b = 0; b < scores.size(); b++) {
      assertArrayEquals(expected.get(b).logLikelihoods(), scores.get(b).logLikelihoods());
    }
  }

  @Test
  void refusesAnotherBaseModelNamingBoth() {
    save(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    assertEquals(
        folder + ": was trained on the base model base-a, not on base-b", refusal("base-b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate.safetensors",
        "projector.safetensors",
        "recommender.safetensors",
        "adapter_config.json"
      })
  void refusesToDoWithoutALostPart(String part) throws IOException {
    save(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Files.delete(folder.resolve(part));
    assertEquals(folder + ": is incomplete: it lacks " + part, refusal("base-a"));
  }

  @Test
  void refusesAPartOfAnotherModel() {
    save(TinyModels.Kind.of(ItemEmbeddings.USER));
    save(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    assertEquals(
        folder.resolve("user_projector.safetensors")
            + ": does not belong to this model: manifest.json does not list it",
        refusal("base-a"));
  }

  @Test
  void refusesATruncatedPartNamingIt() throws IOException {
    save(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Path gate = folder.resolve("gate.safetensors");
    byte[] whole = Files.readAllBytes(gate);
    Files.write(gate, java.util.Arrays.copyOf(whole, whole.length - 5));
    assertEquals(0, refusal("base-a").indexOf(gate + ": "), refusal("base-a"));
  }

  @Test
  void refusesFoldersThatAreNoModels() throws IOException {
    Files.createDirectories(folder);
    assertEquals(folder + ": is not a trained model: it has no manifest.json", refusal("base-a"));
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(manifest, "{\"schema\": 9}");
    assertEquals(manifest + ": schema 9: this version reads 1", refusal("base-a"));
    Files.writeString(manifest, "{");
    assertEquals(0, refusal("base-a").indexOf(manifest + ": not JSON: "));
    Files.writeString(
        manifest, "{\"schema\": 1, \"base_model_hash\": \"base-a\", \"guidance\": \"STARS\"}");
    assertEquals(manifest + ": guidance 'STARS': unknown", refusal("base-a"));
  }
}
