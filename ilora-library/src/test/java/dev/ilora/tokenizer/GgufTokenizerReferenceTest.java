package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizer in SmolLM2's GGUF file against the tokenizers library on the authors' files. */
class GgufTokenizerReferenceTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Path file() {
    return SharedFiles.require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
  }

  private static JsonNode vectors(String name) {
    return JSON.readTree(SharedFiles.require("conformance/llm/smollm2/" + name));
  }

  @Test
  void textsHaveTheStoredIdsBothWaysAndDecodeAlike() {
    try (Tokenizer tokenizer = Tokenizer.open(file())) {
      JsonNode texts = vectors("tokens.json");
      assertEquals(49, texts.size());
      for (JsonNode stored : texts) {
        String text = stored.path("text").asString();
        int[] ids = JSON.treeToValue(stored.path("ids"), int[].class);
        assertArrayEquals(ids, tokenizer.encodeWithSpecial(text), text);
        assertArrayEquals(
            JSON.treeToValue(stored.path("ids_as_plain_text"), int[].class),
            tokenizer.encode(text),
            text);
        assertEquals(stored.path("decoded").asString(), tokenizer.decodeWithSpecial(ids));
        assertEquals(stored.path("decoded_skip_special").asString(), tokenizer.decode(ids));
      }
    }
  }

  @Test
  void renderedConversationsHaveTheStoredIds() {
    try (Tokenizer tokenizer = Tokenizer.open(file())) {
      for (JsonNode stored : vectors("chat.json")) {
        assertArrayEquals(
            JSON.treeToValue(stored.path("ids"), int[].class),
            tokenizer.encodeWithSpecial(stored.path("text").asString()));
      }
    }
  }

  @Test
  void specialTokensAreThoseOfTheFile() {
    try (Tokenizer tokenizer = Tokenizer.open(file())) {
      assertEquals(49152, tokenizer.vocabularySize());
      assertEquals(1, tokenizer.bos());
      assertEquals(2, tokenizer.eos());
      assertEquals(2, tokenizer.pad());
      assertEquals(0, tokenizer.slot());
      assertEquals(0, tokenizer.beginning().length);
      for (int id = 0; id < 20; id++) {
        assertEquals(id <= 16, tokenizer.isSpecial(id), "token " + id);
      }
    }
  }
}
