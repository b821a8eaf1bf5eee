package dev.ilora.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
  @TempDir Path home;

  private HubSettings with(String... pairs) {
    return new HubSettings(
        pairs.length == 0
            ? Map.of()
            : pairs.length == 2
                ? Map.of(pairs[0], pairs[1])
                : Map.of(pairs[0], pairs[1], pairs[2], pairs[3]),
        home);
  }

  @Test
  void theCacheIsWhereTheHubsOtherToolsLook() {
    assertEquals(home.resolve(".cache/huggingface/hub"), with().cache());
    assertEquals(home.resolve("x/huggingface/hub"), with("XDG_CACHE_HOME", "~/x").cache());
    assertEquals(Path.of("/hf/hub"), with("HF_HOME", "/hf").cache());
    assertEquals(Path.of("/c"), with("HF_HOME", "/hf", "HF_HUB_CACHE", "/c").cache());
    assertEquals(home.resolve(".cache/huggingface/hub"), with("HF_HOME", " ").cache());
  }

  @Test
  void theEndpointIsAnAddressOfTheWeb() {
    assertEquals(URI.create("https://huggingface.co"), with().endpoint());
    assertEquals(URI.create("http://h:1/hub"), with("HF_ENDPOINT", "http://h:1/hub/").endpoint());
    for (String wrong :
        List.of("h", "ftp://h", "https://", "https://u:p@h", "https://h?x", "a b")) {
      assertEquals(
          "HF_ENDPOINT: expected an address such as https://huggingface.co",
          assertThrows(ConfigException.class, () -> with("HF_ENDPOINT", wrong).endpoint())
              .getMessage());
    }
  }

  @Test
  void theTokenIsThatOfTheVariableOrElseOfTheFile() throws IOException {
    assertEquals(Optional.empty(), with().token());
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "\n");
    assertEquals(Optional.empty(), with().token());
    Files.writeString(file, "hf_file\n");
    assertEquals("hf_file", with().token().orElseThrow().text());
    Token token = with("HF_TOKEN", " hf_variable ").token().orElseThrow();
    assertEquals("hf_variable", token.text());
    assertEquals("token of HF_TOKEN", token.toString());
  }

  @Test
  void aTokenThatIsNoneIsNotShown() {
    String message =
        assertThrows(ConfigException.class, () -> with("HF_TOKEN", "hf_a\nhf_b").token())
            .getMessage();
    assertEquals(
        "HF_TOKEN: holds no token: expected letters, digits and signs without blanks", message);
    assertFalse(message.contains("hf_a"));
  }

  @Test
  void modelsHaveAnOwnerAndMayHaveARevision() {
    assertEquals(new ModelName("Qwen", "Qwen3-0.6B", "main"), ModelName.parse("Qwen/Qwen3-0.6B"));
    assertEquals(new ModelName("o", "n", "refs/pr/1"), ModelName.parse("o/n@refs/pr/1"));
    for (String wrong : List.of("n", "o/n/x", "o/..", "../n", "o/n@", "o/n@../x", "o/n@/x", "")) {
      assertThrows(ConfigException.class, () -> ModelName.parse(wrong), wrong);
    }
  }
}
