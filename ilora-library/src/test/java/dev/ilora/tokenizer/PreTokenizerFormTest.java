package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The rules of published tokenizer.json files have names in GGUF. */
class PreTokenizerFormTest {
  private static final Path FILE = Path.of("tokenizer.json");
  private static final String BYTES =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":%s,\"trim_offsets\":true,\"use_regex\":%s}";
  private static final String WORDS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|%s|"
          + " ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";

  private static PreTokenizerForm form(String model, String normalizer, String preTokenizer) {
    String json =
        "{\"model\":%s,\"normalizer\":%s,\"pre_tokenizer\":%s}"
            .formatted(model, normalizer, preTokenizer);
    return PreTokenizerForm.of(FILE, JsonMapper.shared().readTree(json));
  }

  private static String sequence(String... steps) {
    return "{\"type\":\"Sequence\",\"pretokenizers\":[" + String.join(",", steps) + "]}";
  }

  private static String split(String pattern) {
    return "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"%s\"},\"behavior\":\"Isolated\",\"invert\":false}"
        .formatted(pattern);
  }

  @ParameterizedTest
  @CsvSource({"false, gpt-2", "true, gpt-2"})
  void theRuleOfGpt2IsFoundWithAndWithoutASpace(boolean space, String name) {
    String pre = BYTES.formatted(space, true);
    assertEquals(new PreTokenizerForm(name, space), form("{\"type\":\"BPE\"}", "null", pre));
  }

  @Test
  void digitsByThemselvesAreSmolLm() {
    String digits = "{\"type\":\"Digits\",\"individual_digits\":true}";
    String pre = sequence(digits, BYTES.formatted(false, true));
    assertEquals(new PreTokenizerForm("smollm", false), form("{\"type\":\"BPE\"}", "null", pre));
  }

  @Test
  void llama3AndQwen2DifferByDigitsNormalizerAndMerges() {
    String llama = sequence(split(WORDS.formatted("\\\\p{N}{1,3}")), BYTES.formatted(false, false));
    String merges = "{\"type\":\"BPE\",\"ignore_merges\":true}";
    assertEquals(new PreTokenizerForm("llama-bpe", false), form(merges, "null", llama));
    String qwen = sequence(split(WORDS.formatted("\\\\p{N}")), BYTES.formatted(false, false));
    String plain = "{\"type\":\"BPE\",\"ignore_merges\":false}";
    assertEquals(new PreTokenizerForm("qwen2", false), form(plain, "{\"type\":\"NFC\"}", qwen));
    assertEquals(new PreTokenizerForm("smaug-bpe", false), form(plain, "null", llama));
    String other = sequence(split(WORDS.formatted("\\\\p{N}{1,4}")), BYTES.formatted(false, false));
    assertThrows(BadInputException.class, () -> form(plain, "null", other));
  }

  @Test
  void otherKindsAreRefusedByName() {
    var refused =
        assertThrows(
            BadInputException.class,
            () -> form("{\"type\":\"Unigram\"}", "null", "{\"type\":\"Metaspace\"}"));
    assertEquals(
        "tokenizer.json: a tokenizer of kind 'Unigram' cannot be put into GGUF here: expected"
            + " byte-level BPE",
        refused.getMessage());
    assertThrows(
        BadInputException.class,
        () -> form("{\"type\":\"BPE\"}", "null", "{\"type\":\"Metaspace\"}"));
  }
}
