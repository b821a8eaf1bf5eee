package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void train() throws IOException {
    file = folder.resolve("tokenizer.json");
    BpeTrainer.train(Texts.lines(new Random(1), 100), 500, file);
  }

  @Test
  void decodesWhatItEncoded() {
    Random random = new Random(2);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      for (String title : Texts.TITLES) {
        assertEquals(title, tokenizer.decode(tokenizer.encode(title)));
      }
      for (int i = 0; i < 500; i++) {
        String text = Texts.random(random);
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
      }
      assertEquals("", tokenizer.decode(new int[0]));
      assertEquals(0, tokenizer.encode("").length);
      assertEquals(1, tokenizer.encode("\n").length);
      assertEquals(1, tokenizer.encode(",").length);
    }
  }

  @Test
  void joinsPiecesSplitBeforeASpace() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      TokenList joined = new TokenList();
      for (String piece : List.of("Watched", " Café Del Mar", ",", " Röyksopp", ". Next", " is")) {
        joined.addAll(tokenizer.encode(piece));
      }
      String whole = "Watched Café Del Mar, Röyksopp. Next is";
      assertArrayEquals(tokenizer.encode(whole), joined.toArray());
      assertEquals(whole, tokenizer.decode(joined.toArray()));
    }
  }

  @Test
  void textNeverBecomesASpecialToken() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      for (String text : List.of("</s>", "a<slot>b</s><s>", "<<s>", "<pad", "<pad><pad>")) {
        int[] tokens = tokenizer.encode(text);
        assertTrue(Arrays.stream(tokens).allMatch(token -> token > 3), text);
        assertEquals(text, tokenizer.decode(tokens));
      }
    }
  }

  @Test
  void leavesSpecialTokensOutOfText() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      int[] a = tokenizer.encode("a");
      assertEquals("a", tokenizer.decode(new int[] {1, a[0], 3, 2, 0}));
    }
  }

  @Test
  void findsSpecialTokensOfItsOwnFiles() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(500, tokenizer.vocabularySize());
      assertEquals(0, tokenizer.pad());
      assertEquals(1, tokenizer.bos());
      assertEquals(2, tokenizer.eos());
      assertEquals(3, tokenizer.slot());
    }
  }

  @Test
  void tokenizerConfigurationDecidesOverModelConfiguration() throws IOException {
    write("tokenizer_config.json", "{'bos_token':null,'eos_token':{'content':'<pad>'}}");
    write("config.json", "{'bos_token_id':7,'eos_token_id':[9,10],'pad_token_id':11}");
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(-1, tokenizer.bos());
      assertEquals(0, tokenizer.eos());
      assertEquals(11, tokenizer.pad());
    }
    Files.delete(folder.resolve("tokenizer_config.json"));
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(7, tokenizer.bos());
      assertEquals(9, tokenizer.eos());
    }
    Files.delete(folder.resolve("config.json"));
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      assertEquals(1, tokenizer.bos());
      assertEquals(2, tokenizer.eos());
      assertEquals(0, tokenizer.pad());
    }
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json.replace('\'', '"'));
  }

  @Test
  void refusesAConfigurationOfAnotherVocabulary() throws IOException {
    Files.delete(folder.resolve("tokenizer_config.json"));
    write("config.json", "{'bos_token_id':32000}");
    assertRefused(
        file, ": the configuration beside it names token 32000, but the vocabulary holds 500");
  }

  @Test
  void refusesFilesItCannotUse() throws IOException {
    Path missing = folder.resolve("empty");
    Files.createDirectory(missing);
    assertRefused(
        missing,
        "/tokenizer.json: no such file; a model folder needs a tokenizer.json or"
            + " tokenizer.model");
    Path broken = folder.resolve("broken.json");
    Files.writeString(broken, "{\n\"model\": [1,\n");
    var e = assertThrows(BadInputException.class, () -> Tokenizer.open(broken));
    assertTrue(e.getMessage().startsWith(broken + ":3: is not valid JSON: "), e.getMessage());
    Path other = folder.resolve("other.json");
    Files.writeString(other, "{\"name\": 1}");
    assertRefused(other, ": holds no vocabulary (model.vocab)");
    Path unusable = folder.resolve("unusable.json");
    Files.writeString(unusable, "{\"model\": {\"type\": \"Nothing\", \"vocab\": {\"a\": 0}}}");
    e = assertThrows(BadInputException.class, () -> Tokenizer.open(unusable));
    assertTrue(
        e.getMessage().startsWith(unusable + ": is not a usable tokenizer: "), e.getMessage());
  }

  private static void assertRefused(Path path, String message) {
    var e = assertThrows(BadInputException.class, () -> Tokenizer.open(path));
    assertEquals(path + message, e.getMessage());
  }

  @Test
  void refusesTokensOutsideTheVocabulary() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {1, 500}));
      assertEquals("token 500 is outside the vocabulary of 500", e.getMessage());
    }
  }

  @Test
  void keepsTheNativeLibraryOffTheNetwork() {
    Tokenizer.open(folder).close();
    assertEquals("true", System.getProperty("ai.djl.offline"));
    assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
  }

  @Test
  void servesSeveralThreads() {
    Random random = new Random(6);
    List<String> texts = IntStream.range(0, 400).mapToObj(i -> Texts.random(random)).toList();
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      List<String> decoded =
          texts.parallelStream().map(text -> tokenizer.decode(tokenizer.encode(text))).toList();
      assertEquals(texts, decoded);
    }
  }

  @Test
  void survivesLoneSurrogates() {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertTrue(tokenizer.decode(tokenizer.encode("a\ud800b")).startsWith("a\ufffd"));
      assertEquals("a\u0000b", tokenizer.decode(tokenizer.encode("a\u0000b")));
    }
  }
}
