package dev.ilora.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.config.ConfigException;
import dev.ilora.http.DownloadException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileChoiceTest {
  private static final ModelName MODEL = ModelName.parse("org/tiny");
  private static final String PICKLES =
      "pickle files can run any program when they are opened, so ilora never fetches them";

  private final List<String> remarks = new ArrayList<>();

  private List<String> names(List<String> listed, String... globs) {
    return new FileChoice(MODEL, listed).names(List.of(globs), remarks::add);
  }

  private String refusal(List<String> listed, String... globs) {
    return assertThrows(RuntimeException.class, () -> names(listed, globs)).getMessage();
  }

  @Test
  void takesWhatIloraReads() {
    List<String> read =
        List.of(
            "added_tokens.json",
            "chat_template.jinja",
            "config.json",
            "generation_config.json",
            "model.safetensors.index.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer.model",
            "tokenizer_config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors");
    List<String> listed = new ArrayList<>(read);
    listed.addAll(
        List.of(
            ".gitattributes",
            "README.md",
            "consolidated.safetensors",
            "onnx/config.json",
            "original/model.safetensors",
            "tokenizer/tokenizer.json",
            "pytorch_model.bin",
            "vocab.txt"));
    assertEquals(read, names(listed));
    assertEquals(
        List.of("consolidated.safetensors"), names(List.of("consolidated.safetensors", "x.py")));
  }

  @Test
  void asksWhichGgufFileIsMeant() {
    assertEquals(
        "org/tiny: has no safetensors files but GGUF files; choose one with --file: a-Q4.gguf,"
            + " b/c.GGUF",
        refusal(List.of("config.json", "a-Q4.gguf", "b/c.GGUF")));
  }

  @Test
  void saysWhyPickleFilesAreNotFetched() {
    assertEquals(
        "org/tiny: has its weights as pytorch_model.bin only: "
            + PICKLES
            + "; look for a revision or another model with safetensors",
        refusal(List.of("config.json", "pytorch_model.bin")));
    assertEquals("--file '*.PT': " + PICKLES, refusal(List.of("a.PT", "b.safetensors"), "*.PT"));
    assertEquals(List.of("b.safetensors"), names(List.of("a.pt", "b.safetensors"), "*"));
    assertEquals(List.of("left out a.pt: " + PICKLES), remarks);
    assertEquals(
        "org/tiny: has neither safetensors nor GGUF files, which ilora reads",
        refusal(List.of("README.md")));
  }

  @Test
  void takesWhatIsAskedForOnce() {
    List<String> listed = List.of("a.gguf", "b.gguf", "sub/c.gguf", "odd[1].gguf");
    assertEquals(List.of("a.gguf", "b.gguf", "odd[1].gguf"), names(listed, "a*", "*.gguf"));
    assertEquals(List.of("sub/c.gguf"), names(listed, "sub/*"));
    assertEquals(List.of("odd[1].gguf"), names(listed, "odd[1].gguf"));
    assertEquals(
        "--file 'x*': org/tiny has no such file; it has a.gguf, b.gguf, sub/c.gguf, odd[1].gguf",
        refusal(listed, "x*"));
    assertEquals(
        "--file '[': is no pattern of names",
        assertThrows(ConfigException.class, () -> names(listed, "[")).getMessage());
  }

  @Test
  void refusesNamesThatAreNoneOnSomeSystem() {
    for (String name :
        List.of(
            "..\\x.safetensors",
            "C:x.safetensors",
            "nul.safetensors",
            "Com1.x.safetensors",
            "a?.safetensors")) {
      assertEquals(
          "org/tiny: lists the file '%s', which is no name of a file on every system; nothing was fetched"
              .formatted(name),
          assertThrows(DownloadException.class, () -> names(List.of(name))).getMessage());
    }
    List<String> listed = List.of("a.gguf", "dir. /b.gguf");
    assertEquals(List.of("a.gguf"), names(listed, "a.gguf"));
    assertThrows(DownloadException.class, () -> names(listed, "dir*/*"));
  }
}
