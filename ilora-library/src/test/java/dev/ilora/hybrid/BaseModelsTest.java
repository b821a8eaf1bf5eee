package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.llm.Llama;
import dev.ilora.pretrain.InstructionProbe;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.synthetic.Instruction.Form;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.testing.SharedFiles;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that comes with ilora. */
class BaseModelsTest {
  @Test
  void theIndexOfAModelInSeveralFilesBelongsToIt(@TempDir Path folder) throws IOException {
    for (String name :
        List.of(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "README.md")) {
      Files.writeString(folder.resolve(name), name);
    }
    assertEquals(
        List.of(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json"),
        BaseModels.filesWithIndex(folder).stream().map(f -> f.getFileName().toString()).toList());
  }

  /** Models that were used before it was read keep their hash, unless it now changes them. */
  @Test
  void theMapOfSpecialTokensBelongsToAModelWhereSomethingDependsOnIt(@TempDir Path folder)
      throws IOException {
    Path map = folder.resolve("special_tokens_map.json");
    Path configuration = folder.resolve("tokenizer_config.json");
    Files.writeString(map, "{\"bos_token\":\"<s>\"}");
    Files.writeString(configuration, "{\"bos_token\":\"<s>\"}");
    assertEquals(List.of(configuration), BaseModels.files(folder));
    Files.writeString(configuration, "{\"eos_token\":\"</s>\"}");
    assertEquals(List.of(map, configuration), BaseModels.files(folder));
  }

  @Test
  void aFolderIsItselfAndIloraBaseComesWithIlora() {
    assertEquals(Path.of("some/model"), BaseModels.folder(Path.of("some/model")));
    assertTrue(BaseModels.folder(BaseModels.OURS).endsWith("models/ilora-base"));
  }

  @Test
  void iloraBaseIsSmall() throws IOException {
    long bytes = 0;
    try (var files = Files.list(BaseModels.folder(BaseModels.OURS))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    assertTrue(bytes <= 12_000_000, bytes + " bytes");
  }

  @Test
  void iloraBaseChoosesAndCopiesFromListsOfTwentyFilmsItHasNotSeen() throws IOException {
    List<String> titles =
        Files.readAllLines(SharedFiles.require("data/llara/movielens/items.tsv")).stream()
            .skip(1)
            .map(line -> line.split("\t")[1])
            .distinct()
            .toList();
    assertChoosesAndCopies(titles);
  }

  @Test
  void iloraBaseChoosesAndCopiesFromListsOfTwentyTitlesOfTheDemoWorld() {
    assertChoosesAndCopies(DemoWorld.generate(1).titles());
  }

  private static void assertChoosesAndCopies(List<String> titles) {
    Path folder = BaseModels.folder(BaseModels.OURS);
    try (Tokenizer tokenizer = Tokenizer.open(folder);
        Llama llama = Llama.load(folder, Device.CPU, DType.F32)) {
      Map<Form, InstructionProbe.Outcome> outcomes =
          new InstructionProbe(llama, tokenizer)
              .ask(
                  titles,
                  EnumSet.of(Form.WORD, Form.PLACE, Form.NAMED),
                  48,
                  20,
                  1,
                  (_, _, _, _) -> {});
      var all =
          outcomes.values().stream()
              .reduce(new InstructionProbe.Outcome(0, 0, 0), InstructionProbe.Outcome::plus);
      assertTrue(all.exact() >= 0.88 * all.asked(), outcomes::toString);
      assertTrue(all.valid() >= 0.92 * all.asked(), outcomes::toString);
    }
  }
}
