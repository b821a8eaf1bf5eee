package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.Guidance;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
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

  private PromptModel load(TinyModels.Kind kind, String hash) {
    return ModelFolder.load(
        folder,
        TinyModels.llama(tokenizer),
        hash,
        TinyModels.encoder(tokenizer, kind),
        TinyModels.encoder(tokenizer, ItemEmbeddings.NONE));
  }

  private String refusal(String hash) {
    return refusal(TinyModels.Kind.of(ItemEmbeddings.SLOT), hash);
  }

  private String refusal(TinyModels.Kind kind, String hash) {
    return assertThrows(BadInputException.class, () -> load(kind, hash)).getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "SLOT, INPUT, false, LINEAR, SEQUENCE",
    "SLOT, OUTPUT, false, LINEAR, SEQUENCE",
    "TITLE_TOKENS, OUTPUT, true, RESIDUAL, SEQUENCE",
    "NONE, INPUT, true, PER_LAYER, RANDOM",
    "NONE, INPUT, false, NONE, SEQUENCE",
    "NONE, INPUT, false, LINEAR, PROMPT_MEAN"
  })
  void comesBackWithTheSameScores(
      ItemEmbeddings form,
      ItemVectors vectors,
      boolean userSlot,
      GateConfig.Kind gate,
      Guidance guidance) {
    var kind = new TinyModels.Kind(form, vectors, userSlot, gate, guidance, 0.1);
    PromptModel model = save(kind);
    PromptModel back = load(kind, "base-a");
    List<CandidateScores> expected = model.scores(TinyModels.cases());
    List<CandidateScores> scores = back.scores(TinyModels.cases());
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

  @Test
  void refusesPromptsOfAnotherFormThanItWasTrainedOn() {
    var slot = TinyModels.Kind.of(ItemEmbeddings.SLOT);
    save(slot);
    String trained =
        folder
            + ": was trained on prompts with item embeddings SLOT and no user slot, these have"
            + " item embeddings ";
    assertEquals(trained + "SLOT and a user slot", refusal(slot.withUserSlot(), "base-a"));
    assertEquals(
        trained + "TITLE_TOKENS and no user slot",
        refusal(TinyModels.Kind.of(ItemEmbeddings.TITLE_TOKENS), "base-a"));
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
    save(TinyModels.Kind.of(ItemEmbeddings.NONE).withUserSlot());
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
    assertEquals(manifest + ": schema 9: this version reads 2", refusal("base-a"));
    Files.writeString(manifest, "{");
    assertEquals(0, refusal("base-a").indexOf(manifest + ": not JSON: "));
    String known =
        "{\"schema\": 2, \"base_model_hash\": \"base-a\", \"item_embeddings\": \"SLOT\", ";
    Files.writeString(manifest, known + "\"guidance\": \"STARS\"}");
    assertEquals(manifest + ": guidance 'STARS': unknown", refusal("base-a"));
    Files.writeString(manifest, known + "\"item_vectors\": \"BOTH\"}");
    assertEquals(manifest + ": item_vectors 'BOTH': unknown", refusal("base-a"));
  }
}
