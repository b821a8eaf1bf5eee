package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.GgufModels;
import dev.ilora.testing.GgufWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTokenizerTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("model.gguf");
  }

  /** Tokens of "a", "b", "1", their pairs and a line break, some of them special. */
  private static GgufWriter bytes(String pre) {
    List<String> tokens =
        List.of("<s>", "</s>", "a", "b", "1", "Ċ", "Ġ", "ab", "11", "111", "Ġab", "<item>");
    return new GgufWriter()
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", pre)
        .with("tokenizer.ggml.tokens", tokens)
        .with("tokenizer.ggml.token_type", List.of(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4))
        .with("tokenizer.ggml.merges", List.of("a b", "1 1", "11 1", "Ġ ab"))
        .with("tokenizer.ggml.bos_token_id", 0)
        .with("tokenizer.ggml.eos_token_id", 1);
  }

  /** Llama 2's kind: three special tokens, 256 bytes, then pieces by their scores. */
  private static GgufWriter pieces() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    List<Float> scores = new ArrayList<>(List.of(0f, 0f, 0f));
    for (int value = 0; value < 256; value++) {
      tokens.add("<0x%02X>".formatted(value));
      types.add(6);
      scores.add(0f);
    }
    String[] pieces = {"▁ab", "ab", "a", "b", "▁"};
    for (int i = 0; i < pieces.length; i++) {
      tokens.add(pieces[i]);
      types.add(1);
      scores.add(i == 0 ? -2f : -1f - i);
    }
    return new GgufWriter()
        .with("tokenizer.ggml.model", "llama")
        .with("tokenizer.ggml.tokens", tokens)
        .with("tokenizer.ggml.scores", scores)
        .with("tokenizer.ggml.token_type", types)
        .with("tokenizer.ggml.bos_token_id", 1)
        .with("tokenizer.ggml.eos_token_id", 2);
  }

  private Tokenizer open(GgufWriter writer) {
    return Tokenizer.open(writer.write(file()));
  }

  private String refusal(GgufWriter writer) {
    var refused = assertThrows(BadInputException.class, () -> open(writer).close());
    return refused.getMessage().replace(file() + ": ", "");
  }

  @Test
  void aFoldersTokenizerIsTheSameInAFile() {
    Path base = BaseModels.folder(BaseModels.OURS);
    try (Tokenizer own = Tokenizer.open(base);
        Tokenizer read = open(GgufModels.withTokenizer(new GgufWriter(), base, own))) {
      assertArrayEquals(own.beginning(), read.beginning());
      assertEquals(own.vocabularySize(), read.vocabularySize());
      assertEquals(List.of(own.pad(), own.slot()), List.of(read.pad(), read.slot()));
      Random random = new Random(1);
      for (int i = 0; i < 100; i++) {
        String text = Texts.TITLES.get(i % Texts.TITLES.size()) + Texts.random(random) + "</s>";
        assertArrayEquals(own.encode(text), read.encode(text), text);
        assertArrayEquals(own.encodeWithSpecial(text), read.encodeWithSpecial(text), text);
        assertEquals(text, read.decode(read.encode(text)));
      }
    }
  }

  @Test
  void digitsAreCutAsTheRuleSays() {
    assertDigits("gpt-2", 8, 8);
    assertDigits("default", 9, 4);
    assertDigits("llama-bpe", 9, 4);
    assertDigits("smaug-bpe", 9, 4);
    assertDigits("smollm", 4, 4, 4, 4);
    assertDigits("qwen2", 4, 4, 4, 4);
  }

  private void assertDigits(String pre, int... expected) {
    try (Tokenizer tokenizer = open(bytes(pre))) {
      assertArrayEquals(expected, tokenizer.encode("1111"), pre);
      assertArrayEquals(new int[] {7, 10, 5}, tokenizer.encode("ab ab\n"), pre);
    }
  }

  @Test
  void controlTokensAreNoTextAndThoseOfUsersAre() {
    try (Tokenizer tokenizer = open(bytes("smollm"))) {
      assertArrayEquals(new int[] {2, 11, 3}, tokenizer.encode("a<item>b"));
      assertArrayEquals(new int[] {2, 0, 3}, tokenizer.encodeWithSpecial("a<s>b"));
      assertArrayEquals(new int[] {2, 3}, tokenizer.encode("a<s>b"));
      assertEquals("ab", tokenizer.decode(new int[] {2, 0, 3}));
      assertEquals("a<s>b", tokenizer.decodeWithSpecial(new int[] {2, 0, 3}));
    }
  }

  /** Files cannot say it; the published tokenizer does, and llama.cpp knows it by name. */
  @Test
  void markersOfPhi3TakeTheSpacesAfterThem() {
    GgufWriter writer = pieces().with("tokenizer.ggml.add_space_prefix", false);
    try (Tokenizer other = open(writer.with("general.architecture", "llama"))) {
      assertArrayEquals(new int[] {2, 263, 263, 261}, other.encodeWithSpecial("</s>  a"));
    }
    try (Tokenizer phi = open(writer.with("general.architecture", "phi3"))) {
      assertArrayEquals(new int[] {2, 261}, phi.encodeWithSpecial("</s>  a"));
      assertArrayEquals(new int[] {1, 263, 261}, phi.encodeWithSpecial("<s> a"));
    }
  }

  /** Smaug's rule is Llama 3's but for words that no merges make, "ab" here. */
  @Test
  void onlyLlama3sRuleTakesWordsThatNoMergesMake() {
    GgufWriter writer = bytes("smaug-bpe").with("tokenizer.ggml.merges", List.of("1 1", "11 1"));
    try (Tokenizer smaug = open(writer)) {
      assertArrayEquals(new int[] {2, 3}, smaug.encode("ab"));
      assertArrayEquals(new int[0], smaug.beginning());
    }
    try (Tokenizer llama = open(writer.with("tokenizer.ggml.pre", "llama-bpe"))) {
      assertArrayEquals(new int[] {7}, llama.encode("ab"));
    }
  }

  @Test
  void textsBeginAsTheFileSaysElseAsTheRuleDoes() {
    try (Tokenizer smol = open(bytes("smollm"));
        Tokenizer llama = open(bytes("llama-bpe"));
        Tokenizer said = open(bytes("smollm").with("tokenizer.ggml.add_bos_token", true));
        Tokenizer denied = open(bytes("llama3").with("tokenizer.ggml.add_bos_token", false))) {
      assertArrayEquals(new int[0], smol.beginning());
      assertArrayEquals(new int[] {0}, llama.beginning());
      assertArrayEquals(new int[] {0}, said.beginning());
      assertArrayEquals(new int[0], denied.beginning());
    }
  }

  @Test
  void piecesAreMergedByTheirScores() {
    try (Tokenizer tokenizer = open(pieces());
        Tokenizer bare = open(pieces().with("tokenizer.ggml.add_space_prefix", false))) {
      assertEquals(264, tokenizer.vocabularySize());
      assertArrayEquals(new int[] {259, 260, 263, 263}, tokenizer.encode(" abab  "));
      assertArrayEquals(new int[] {261, 3 + 'c', 3 + '\n'}, tokenizer.encode("ac\n"));
      assertEquals(" abab  é\n", tokenizer.decode(tokenizer.encode(" abab  é\n")));
      assertArrayEquals(new int[] {259}, tokenizer.encodeFirst("ab"));
      assertArrayEquals(new int[] {260}, bare.encodeFirst("ab"));
      assertArrayEquals(new int[] {1}, tokenizer.beginning());
      assertEquals(0, tokenizer.slot());
    }
  }

  @Test
  void theTemplateOfConversationsIsKept() {
    try (Tokenizer with = open(bytes("smollm").with("tokenizer.chat_template", "{{ messages }}"));
        Tokenizer without = open(bytes("smollm"))) {
      assertEquals(Optional.of("{{ messages }}"), with.chatTemplate());
      assertEquals(Optional.empty(), without.chatTemplate());
    }
  }

  @Test
  void whatIsNotKnownIsRefusedByName() {
    assertEquals(
        "metadata 'tokenizer.ggml.pre': expected one of gpt-2, gpt2, phi-2, olmo, default, smollm,"
            + " starcoder, refact, codeshell, llama-bpe, llama3, llama-v3, smaug-bpe, qwen2,"
            + " deepseek-r1-qwen, got 'tekken', which is not supported",
        refusal(bytes("tekken")));
    assertEquals(
        "metadata 'tokenizer.ggml.model': expected 'gpt2' or 'llama', got 'bert', which is not"
            + " supported",
        refusal(bytes("smollm").with("tokenizer.ggml.model", "bert")));
    assertEquals(
        "metadata lacks 'tokenizer.ggml.model'",
        refusal(new GgufWriter().with("general.name", "")));
    assertEquals(
        "metadata 'tokenizer.ggml.token_type': 1 values for 12 tokens",
        refusal(bytes("smollm").with("tokenizer.ggml.token_type", List.of(1))));
    assertEquals(
        "metadata lacks 'tokenizer.ggml.scores'",
        refusal(bytes("smollm").with("tokenizer.ggml.model", "llama")));
  }

  @Test
  void aBosTokenThatIsMissingIsRefused() {
    GgufWriter writer =
        new GgufWriter()
            .with("tokenizer.ggml.model", "gpt2")
            .with("tokenizer.ggml.pre", "smollm")
            .with("tokenizer.ggml.tokens", List.of("Ċ", "a", "aa"))
            .with("tokenizer.ggml.token_type", List.of(1, 1, 1))
            .with("tokenizer.ggml.merges", List.of("a a"))
            .with("tokenizer.ggml.add_bos_token", true);
    assertEquals(
        "add_bos_token is true, but there is no bos_token: name one, or set it to false",
        refusal(writer));
  }
}
