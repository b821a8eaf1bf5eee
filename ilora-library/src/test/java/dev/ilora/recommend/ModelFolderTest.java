package dev.ilora.recommend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Guidance;
import dev.ilora.data.Case;
import dev.ilora.files.SealedFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.CandidateScores;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path temporary;
  private Scope scope;
  private Tokenizer tokenizer;
  private Path base;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    scope = Scope.open();
    tokenizer = TinyModels.tokenizer(temporary);
    base = TinyFolders.base(temporary);
    folder = temporary.resolve("model");
  }

  @AfterEach
  void close() {
    scope.close();
    tokenizer.close();
  }

  private PromptModel write(TinyModels.Kind kind) {
    return TinyFolders.write(tokenizer, kind, base, folder);
  }

  private String refusal() {
    LoadOptions options = LoadOptions.DEFAULT.base(base);
    return assertThrows(BadInputException.class, () -> Recommender.load(folder, options))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "SLOT, INPUT, false, linear, SEQUENCE",
    "SLOT, OUTPUT, false, linear, SEQUENCE",
    "TITLE_TOKENS, OUTPUT, true, residual, SEQUENCE",
    "NONE, INPUT, true, per-layer, RANDOM",
    "NONE, INPUT, false, none, SEQUENCE",
    "NONE, INPUT, false, linear, PROMPT_MEAN"
  })
  void aModelComesBackWithTheSameScores(
      ItemEmbeddings form, ItemVectors vectors, boolean userSlot, String gate, Guidance guidance) {
    PromptModel model =
        write(new TinyModels.Kind(form, vectors, userSlot, TinyModels.gate(gate), guidance, 0.1));
    try (OpenModel back = ModelFolder.open(folder, LoadOptions.DEFAULT.base(base))) {
      List<CandidateScores> expected = model.scores(TinyModels.cases());
      List<CandidateScores> scores = back.model().scores(TinyModels.cases());
      for (int b = 0; b < scores.size(); b++) {
        assertArrayEquals(expected.get(b).logLikelihoods(), scores.get(b).logLikelihoods());
      }
    }
  }

  @Test
  void virtualTokensComeBackAndAreNoLora() {
    assertComesBackAndIsNoLora(
        TinyModels.withVirtualTokens(tokenizer, ItemEmbeddings.SLOT),
        "has virtual tokens and no LoRA: PEFT reads these from the model's folder as it is");
  }

  @Test
  void aPrefixComesBackAndIsNoLora() {
    assertComesBackAndIsNoLora(
        TinyModels.withPrefix(tokenizer, ItemEmbeddings.SLOT),
        "has a prefix and no LoRA: PEFT reads it from the model's folder as it is");
  }

  private void assertComesBackAndIsNoLora(PromptModel model, String refusal) {
    TinyModels.Kind kind = TinyModels.Kind.of(ItemEmbeddings.SLOT);
    TinyFolders.write(model, kind, base, folder, LikelihoodForm.SUM);
    LoadOptions options = LoadOptions.DEFAULT.base(base);
    try (OpenModel back = ModelFolder.open(folder, options)) {
      assertEquals(3, back.model().encoder().virtualTokens());
      List<CandidateScores> expected = model.scores(TinyModels.cases());
      List<CandidateScores> scores = back.model().scores(TinyModels.cases());
      for (int b = 0; b < scores.size(); b++) {
        assertArrayEquals(expected.get(b).logLikelihoods(), scores.get(b).logLikelihoods());
      }
    }
    var part = new LoraExport.Part.Only();
    assertEquals(
        folder + ": " + refusal,
        assertThrows(
                BadInputException.class,
                () -> LoraExport.write(folder, options, part, folder.resolveSibling("lora")))
            .getMessage());
  }

  private double[] recommended(List<CatalogueItem> history, List<CatalogueItem> among) {
    try (Recommender model = Recommender.load(folder, LoadOptions.DEFAULT.base(base))) {
      Ranking ranking = model.recommend(Request.history(history).among(among));
      return among.stream()
          .mapToDouble(
              item ->
                  ranking.choices().stream()
                      .filter(choice -> choice.item().equals(item))
                      .findFirst()
                      .orElseThrow()
                      .score())
          .toArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModelRanksByTheLikelihoodThatItsRecipeEvaluates(LikelihoodForm form) throws IOException {
    PromptModel model =
        TinyFolders.write(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT), base, folder, form);
    Case asked = new Case(0, "", new int[] {3, 10}, 1).among(new int[] {1, 4, 7});
    List<CatalogueItem> history = TinyFolders.items(3, 10);
    List<CatalogueItem> among = TinyFolders.items(1, 4, 7);
    double[] expected = model.scores(List.of(asked), form).getFirst().logLikelihoods();
    assertArrayEquals(expected, recommended(history, among), 1e-6);
    Path exported = temporary.resolve("exported");
    ModelFolder.export(folder, exported, Map.of(), Optional.of(base), false);
    folder = exported;
    assertArrayEquals(expected, recommended(history, among), 1e-6);
  }

  @Test
  void aModelThatDoesNotSayByWhichLikelihoodItRanksUsesTheSum() throws IOException {
    PromptModel model =
        TinyFolders.write(
            tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT), base, folder, LikelihoodForm.PMI);
    Path file = folder.resolve("model.json");
    String earlier = Files.readString(file).replaceAll(",\\s*\"likelihood\" : \"pmi\"", "");
    assertFalse(earlier.contains("likelihood"), earlier);
    SealedFile.write(file, earlier);
    Case asked = new Case(0, "", new int[] {3, 10}, 1).among(new int[] {1, 4, 7});
    assertArrayEquals(
        model.scores(List.of(asked)).getFirst().logLikelihoods(),
        recommended(TinyFolders.items(3, 10), TinyFolders.items(1, 4, 7)),
        1e-6);
  }

  @Test
  void anExportedFolderNeedsNothingElseWhereverItIsMoved() throws IOException {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Request request = Request.history(TinyFolders.items(3, 10)).top(3);
    Ranking before;
    try (Recommender model = Recommender.load(folder, LoadOptions.DEFAULT.base(base))) {
      before = model.recommend(request);
    }
    Path exported = temporary.resolve("exported");
    assertTrue(
        ModelFolder.export(folder, exported, Map.of("hr@1", 0.25), Optional.of(base), false));
    Path moved = temporary.resolve("else/where");
    Files.createDirectories(moved.getParent());
    Files.move(exported, moved);
    Files.move(base, temporary.resolve("gone"));
    Files.move(folder, temporary.resolve("gone-too"));
    try (Recommender model = Recommender.load(moved)) {
      assertEquals(before, model.recommend(request));
      assertEquals(Map.of("hr@1", 0.25), model.card().metrics());
      assertEquals("tiny-base", model.card().base().orElseThrow().name());
    }
  }

  @Test
  void aLanguageModelThatChangedIsNotExported() throws IOException {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    String trainedOn = BaseModels.hash(base);
    Path weights = base.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    Path exported = temporary.resolve("exported");
    assertEquals(
        "%s: was trained on the base model tiny-base (SHA-256 %s), not on %s (%s)"
            .formatted(folder, trainedOn, base, BaseModels.hash(base)),
        assertThrows(
                BadInputException.class,
                () -> ModelFolder.export(folder, exported, Map.of(), Optional.of(base), false))
            .getMessage());
    assertFalse(Files.exists(exported));
  }

  @Test
  void anExportWithoutTheLanguageModelSaysSo() throws IOException {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Optional<Path> gone = Optional.of(temporary.resolve("gone"));
    Path exported = temporary.resolve("exported");
    assertFalse(ModelFolder.export(folder, exported, Map.of(), gone, false));
    assertEquals(
        gone.get() + ": no such language model's folder or GGUF file",
        assertThrows(
                BadInputException.class,
                () -> ModelFolder.export(folder, temporary.resolve("whole"), Map.of(), gone, true))
            .getMessage());
  }

  @Test
  void aModelReplacesAModelAndNothingElse() throws IOException {
    TinyFolders.write(folder);
    TinyFolders.write(folder);
    Path notes = Files.createDirectories(temporary.resolve("notes"));
    Files.writeString(notes.resolve("mine.txt"), "mine");
    assertEquals(
        notes + ": exists already and is not a model; choose another",
        assertThrows(BadInputException.class, () -> TinyFolders.write(notes)).getMessage());
    assertEquals("mine", Files.readString(notes.resolve("mine.txt")));
    try (var files = Files.list(temporary)) {
      assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith(".")), "drafts");
    }
  }

  @Test
  void aCopyHasTheSameHashAndAnotherModelAnother() throws IOException {
    TinyFolders.write(folder);
    Path copy = temporary.resolve("copy");
    ModelFolder.export(folder, copy, Map.of(), Optional.empty(), false);
    assertEquals(ModelFolder.hash(folder), ModelFolder.hash(copy));
    Path evaluated = temporary.resolve("evaluated");
    ModelFolder.export(folder, evaluated, Map.of("hr@1", 0.25), Optional.empty(), false);
    assertNotEquals(ModelFolder.hash(folder), ModelFolder.hash(evaluated));
    assertEquals(
        temporary + ": is not a model folder: it has no model.json",
        assertThrows(BadInputException.class, () -> ModelFolder.hash(temporary)).getMessage());
  }

  @Test
  void aFolderWithoutItsBaseSaysWhichOneItNeeds() {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    String message =
        assertThrows(BadInputException.class, () -> Recommender.load(folder)).getMessage();
    assertEquals(
        folder
            + ": needs the base model tiny-base (SHA-256 "
            + BaseModels.hash(base)
            + "), which is neither in the folder nor in the model cache "
            + BaseModels.cache()
            + ": name its folder (--base FOLDER)",
        message);
  }

  @Test
  void anotherBaseModelIsRefusedNamingBoth() throws IOException {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    String hash = BaseModels.hash(base);
    Files.writeString(base.resolve("generation_config.json"), "{}");
    assertEquals(
        folder
            + ": was trained on the base model tiny-base (SHA-256 "
            + hash
            + "), not on "
            + base
            + " ("
            + BaseModels.hash(base)
            + ")",
        refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate.safetensors",
        "projector.safetensors",
        "recommender/recommender.safetensors",
        "adapter_config.json",
        "adapter_model.safetensors",
        "items.tsv",
        "template.txt"
      })
  void aLostOrAlteredOrTruncatedFileIsRefusedByName(String file) throws IOException {
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Path path = folder.resolve(file);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length - 1));
    assertTrue(refusal().startsWith(path + ": was changed or cut short: its SHA-256 is "));
    byte[] altered = whole.clone();
    altered[altered.length - 1] ^= 1;
    Files.write(path, altered);
    assertTrue(refusal().startsWith(path + ": was changed or cut short: its SHA-256 is "));
    Files.delete(path);
    assertEquals(folder + ": is incomplete: it lacks " + file, refusal());
  }

  @Test
  void foldersOfLaterVersionsAndFoldersThatAreNoModelsAreRefused() throws IOException {
    assertEquals(folder + ": no such model folder", refusal());
    Files.createDirectories(folder);
    assertEquals(folder + ": is not a model folder: it has no model.json", refusal());
    write(TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Path file = folder.resolve("model.json");
    String good = Files.readString(file);
    Files.writeString(file, good.replaceFirst("\"schema\" : 1", "\"schema\" : 7"));
    assertEquals(
        file + ": schema 7: a later version of ilora wrote this model; this one reads 1",
        refusal());
    Files.writeString(file, good.substring(0, good.length() / 2));
    assertTrue(
        refusal().startsWith(file + ": cannot be read as a model's description: "), refusal());
    Files.writeString(file, good.replace("\"guided\"", "\"gilded\""));
    assertTrue(refusal().contains("guided"), refusal());
    Files.writeString(file, good.replace("\"slot\"", "\"stars\""));
    assertTrue(refusal().contains("stars"), refusal());
    Files.writeString(file, good.replace("items.tsv", "../items.tsv"));
    assertTrue(refusal().startsWith(file + ": was changed or cut short"), refusal());
    Files.delete(folder.resolve(".model.json.sha256"));
    assertEquals(file + ": names the file '../items.tsv', which is outside the folder", refusal());
  }

  @Test
  void anExportReplacesNothingAndLeavesNothingHalfWritten() throws IOException {
    TinyFolders.write(folder);
    Path target = Files.createDirectories(temporary.resolve("target"));
    assertEquals(
        target + ": exists already; choose another folder or --force",
        assertThrows(
                BadInputException.class,
                () -> ModelFolder.export(folder, target, Map.of(), Optional.empty(), false))
            .getMessage());
    Files.delete(folder.resolve("items.tsv"));
    Path other = temporary.resolve("other");
    assertThrows(
        BadInputException.class,
        () -> ModelFolder.export(folder, other, Map.of(), Optional.empty(), false));
    assertFalse(Files.exists(other));
    assertFalse(Files.exists(temporary.resolve("other.partial")));
  }

  @Test
  void keysAndTitlesKeepEveryCharacter() {
    List<CatalogueItem> items =
        List.of(
            new CatalogueItem("a\tb", "Tab\tand \\t"),
            new CatalogueItem(" c ", "Line\nbreak"),
            new CatalogueItem("\\n\u00e9", "\ud83d\ude00"));
    Path file = temporary.resolve("items.tsv");
    ItemsFile.write(new Catalogue(items), file);
    assertEquals(items, ItemsFile.read(file).items());
  }
}
