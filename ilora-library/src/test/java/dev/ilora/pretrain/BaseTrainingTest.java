package dev.ilora.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.Llama;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.synthetic.Instruction;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.testing.OneThread;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OneThread
class BaseTrainingTest {
  private static final Path RECIPES =
      Path.of(System.getProperty("ilora.root", "..")).resolve("recipes");

  @TempDir static Path folder;

  @BeforeAll
  static void makeWords() throws IOException {
    Files.write(
        folder.resolve("words"),
        List.of("amber", "bridge", "castle", "dragon", "ember", "forest", "garden", "harbour"));
  }

  private static BaseRecipe recipe(String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of(
                "words=" + folder.resolve("words"),
                "size.vocabulary=400",
                "steps=3",
                "stepTokens=300",
                "learningRate=0.001"));
    words.addAll(List.of(more));
    return Config.bind(BaseRecipe.class, words);
  }

  private static Path make(String name, BaseRecipe recipe, Progress progress, Interruption stop) {
    Path made = folder.resolve(name);
    new BaseTraining(recipe, made, new RunContext(progress, stop, InstantSource.system())).make();
    return made;
  }

  private static byte[] weights(Path made) throws IOException {
    return Files.readAllBytes(made.resolve("model.safetensors"));
  }

  @Test
  void anInterruptedTeachingGoesOnToTheSameModel() throws IOException {
    Path whole = make("whole", recipe(), (_, _, _, _) -> {}, Interruption.never());
    Interruption interruption = Interruption.never();
    Progress stop =
        (what, done, _, _) -> {
          if (what.equals("pretraining") && done == 1) {
            interruption.request();
          }
        };
    assertThrows(InterruptedRunException.class, () -> make("cut", recipe(), stop, interruption));
    Path cut = make("cut", recipe(), (_, _, _, _) -> {}, Interruption.never());
    assertArrayEquals(weights(whole), weights(cut));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve(BaseModels.PROJECTOR)),
        Files.readAllBytes(cut.resolve(BaseModels.PROJECTOR)));
    assertFalse(Files.exists(cut.resolve("checkpoints")));
    Files.writeString(Files.createDirectory(cut.resolve("checkpoints")).resolve("left"), "x");
    make("cut", recipe(), (_, _, _, _) -> fail("is made"), Interruption.never());
    assertFalse(Files.exists(cut.resolve("checkpoints")), "left by a kill in the last moment");
    assertEquals(Config.yaml(recipe()), Files.readString(cut.resolve("recipe.yaml")));
  }

  @Test
  void aModelGoesOnWithACataloguesItemsAndAnswersAboutThem() throws IOException {
    Path data = folder.resolve("data");
    DatasetFolder.write(DemoWorld.generate(1), data);
    Path base = make("first", recipe(), (_, _, _, _) -> {}, Interruption.never());
    BaseRecipe more =
        Config.bind(
            BaseRecipe.class,
            List.of(
                "from=" + base,
                "items=" + data,
                "steps=2",
                "stepTokens=300",
                "learningRate=0.001"));
    Path made = make("more", more, (_, _, _, _) -> {}, Interruption.never());
    assertFalse(java.util.Arrays.equals(weights(base), weights(made)));
    try (Tokenizer tokenizer = Tokenizer.open(made);
        Llama llama = Llama.load(made, Device.CPU, DType.F32)) {
      var outcome =
          new InstructionProbe(llama, tokenizer)
              .ask(
                  DemoWorld.generate(1).titles(),
                  EnumSet.of(Instruction.Form.NAMED, Instruction.Form.PLACE),
                  5,
                  4,
                  1,
                  (_, _, _, _) -> {});
      assertEquals(2, outcome.size());
      outcome
          .values()
          .forEach(
              one -> assertTrue(one.asked() == 5 && one.exact() <= one.valid(), one::toString));
    }
  }

  @Test
  void aTeachingThatWasCutDoesNotGoOnWithOtherWords() throws IOException {
    Path words = folder.resolve("other-words");
    Files.copy(folder.resolve("words"), words);
    BaseRecipe recipe = recipe("words=" + words);
    Interruption interruption = Interruption.never();
    Progress stop =
        (what, done, _, _) -> {
          if (what.equals("pretraining") && done == 1) {
            interruption.request();
          }
        };
    assertThrows(
        InterruptedRunException.class, () -> make("words-cut", recipe, stop, interruption));
    Files.writeString(words, Files.readString(words) + "another\n");
    String message =
        assertThrows(
                BadInputException.class,
                () -> make("words-cut", recipe, (_, _, _, _) -> {}, Interruption.never()))
            .getMessage();
    assertTrue(message.contains("checkpoints"), message);
  }

  @Test
  void whatIsMadeIsKeptAndAnotherRecipesFolderRefused() throws IOException {
    Path made = make("kept", recipe(), (_, _, _, _) -> {}, Interruption.never());
    byte[] weights = weights(made);
    Progress none = (what, _, _, _) -> fail(what + " though all is there");
    make("kept", recipe(), none, Interruption.never());
    String message =
        assertThrows(
                BadInputException.class,
                () -> make("kept", recipe("seed=2"), none, Interruption.never()))
            .getMessage();
    assertTrue(
        message.matches(
            ".*recipe\\.yaml:\\d+: the model in this folder has 'seed: 1', this recipe 'seed: 2':"
                + " use another folder or delete this one"),
        message);
    assertArrayEquals(weights, weights(made));
    assertEquals(Config.yaml(recipe()), Files.readString(made.resolve("recipe.yaml")));
    Files.delete(made.resolve("recipe.yaml"));
    assertEquals(
        made + ": holds a model that was not made here: use another folder or delete this one",
        assertThrows(
                BadInputException.class, () -> make("kept", recipe(), none, Interruption.never()))
            .getMessage());
  }

  @Test
  void theCheckedInRecipeBinds() {
    BaseRecipe recipe =
        Config.bind(BaseRecipe.class, RECIPES.resolve("ilora-base.yaml"), List.of());
    assertEquals(6, recipe.words().size());
    assertEquals(recipe, Config.bind(BaseRecipe.class, "again", Config.yaml(recipe), List.of()));
  }

  @Test
  void whatIsNeitherFromScratchNorAContinuationIsRefused() {
    for (List<String> words :
        List.of(
            List.<String>of(),
            List.of("from=a"),
            List.of("items=a"),
            List.of("words=w", "from=a", "items=b"))) {
      List<String> all = new java.util.ArrayList<>(List.of("steps=1", "learningRate=1"));
      all.addAll(words);
      String message =
          assertThrows(ConfigException.class, () -> Config.bind(BaseRecipe.class, all))
              .getMessage();
      assertTrue(message.contains("expected words, to teach from scratch, or from and items"));
    }
  }

  @Test
  void sizesWithoutRoomForHeadsThatCopyAreRefused() {
    assertTrue(
        assertThrows(ConfigException.class, () -> recipe("size.layers=2"))
            .getMessage()
            .contains("heads that copy need at least 4 layers, got 2"));
    assertTrue(
        assertThrows(ConfigException.class, () -> recipe("size.width=100", "size.heads=3"))
            .getMessage()
            .contains("width 100 does not divide into 3 heads of an even width"));
    assertTrue(
        assertThrows(ConfigException.class, () -> recipe("size.keyValueHeads=3"))
            .getMessage()
            .contains("heads 4 are not a multiple of keyValueHeads 3"));
  }
}
