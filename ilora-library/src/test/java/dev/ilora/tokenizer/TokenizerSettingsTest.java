package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.hybrid.BaseModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the files of a tokenizer say and what it then does. Ids are those that Hugging Face's {@code
 * tokenizers} 0.21.4 gives for the same variants of ilora-base.
 */
class TokenizerSettingsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ALIEN = 2533;

  @TempDir Path folder;
  private Path file;

  private Tokenizer variant(Consumer<ObjectNode> change) throws IOException {
    return Tokenizer.open(written(change));
  }

  private Path written(Consumer<ObjectNode> change) throws IOException {
    Path base = BaseModels.folder(BaseModels.OURS);
    ObjectNode root = (ObjectNode) JSON.readTree(base.resolve("tokenizer.json"));
    change.accept(root);
    file = Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(root));
    if (!Files.exists(folder.resolve("tokenizer_config.json"))) {
      settings("{'bos_token':'<s>','eos_token':'</s>','pad_token':'<pad>'}");
    }
    return folder;
  }

  private void settings(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), json.replace('\'', '"'));
  }

  private static ObjectNode added(ObjectNode root, int id, String content, String... on) {
    ObjectNode token = root.withArray("added_tokens").addObject();
    token.put("id", id).put("content", content);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
      token.put(flag, List.of(on).contains(flag));
    }
    return token;
  }

  private static ObjectNode model(ObjectNode root) {
    return (ObjectNode) root.get("model");
  }

  @Test
  void dropoutOfMergesIsForTraining() throws IOException {
    Random random = new Random(3);
    try (Tokenizer plain = Tokenizer.open(BaseModels.folder(BaseModels.OURS));
        Tokenizer dropping = variant(root -> model(root).put("dropout", 0.5))) {
      for (int i = 0; i < 200; i++) {
        String text = Texts.random(random) + Texts.TITLES.get(i % Texts.TITLES.size());
        assertArrayEquals(plain.encode(text), dropping.encode(text), text);
      }
    }
  }

  private static void items(ObjectNode root) {
    added(root, 6144, "<x>", "lstrip", "rstrip");
    added(root, 6145, "foo", "single_word");
    added(root, 6146, "<a_1>");
    added(root, 6147, "<a_12>");
    added(root, 6148, "Big", "normalized");
  }

  @Test
  void addedTokensThatAreTextAreFoundInIt() throws IOException {
    try (Tokenizer tokenizer = variant(TokenizerSettingsTest::items)) {
      assertArrayEquals(new int[] {36, 6146, 6147}, tokenizer.encode(" <a_1><a_12>"));
      assertArrayEquals(new int[] {101, 6144, 102}, tokenizer.encode("a <x> b"));
      assertEquals(List.of(6145, 6145), found(tokenizer.encode("foo food foo")));
      assertArrayEquals(new int[] {6148, 36, 6146}, tokenizer.encode("Big <a_1>"));
      assertEquals(List.of(6148), found(tokenizer.encode("bigBig")));
      assertEquals(" <a_1><a_12>", tokenizer.decode(tokenizer.encode(" <a_1><a_12>")));
    }
    Consumer<ObjectNode> lower =
        root -> {
          items(root);
          root.putObject("normalizer").put("type", "Lowercase");
        };
    try (Tokenizer tokenizer = variant(lower)) {
      assertEquals(List.of(6148, 6146), found(tokenizer.encode("BIG <A_1> <a_1>")));
      assertEquals(List.of(6145), found(tokenizer.encode("FOO foo")));
    }
  }

  private static List<Integer> found(int[] tokens) {
    return java.util.Arrays.stream(tokens).filter(id -> id >= 6144).boxed().toList();
  }

  @Test
  void specialTokensAreNeverFoundInTextInAnyForm() throws IOException {
    Consumer<ObjectNode> lower =
        root -> {
          added(root, 6144, "<end>", "special", "normalized");
          root.putObject("normalizer").put("type", "Lowercase");
        };
    try (Tokenizer tokenizer = variant(lower)) {
      for (String text : List.of("<end>", "<END>", "a<End>b", "</S>", "</s>")) {
        for (int token : tokenizer.encode(text)) {
          assertTrue(!tokenizer.isSpecial(token), text);
        }
      }
      assertTrue(tokenizer.isSpecial(6144));
    }
  }

  private static void template(ObjectNode root) {
    ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    special(single, "<s>");
    special(single, "<slot>");
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    special(single, "</s>");
    ArrayNode pair = processor.putArray("pair");
    pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
    ObjectNode tokens = processor.putObject("special_tokens");
    List<String> names = List.of("<s>", "</s>", "<slot>");
    for (int i = 0; i < names.size(); i++) {
      ObjectNode token = tokens.putObject(names.get(i)).put("id", names.get(i));
      token.putArray("ids").add(i + 1);
      token.putArray("tokens").add(names.get(i));
    }
  }

  private static void special(ArrayNode template, String token) {
    template.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
  }

  private static void byteLevel(ObjectNode root) {
    root.putObject("post_processor")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true);
  }

  private void assertBegins(Consumer<ObjectNode> change, int... expected) throws IOException {
    try (Tokenizer tokenizer = variant(change)) {
      assertArrayEquals(expected, tokenizer.beginning());
      assertArrayEquals(new int[] {ALIEN, 276}, tokenizer.encode(" Alien"));
    }
  }

  @Test
  void theFilesSayWhatPromptsBeginWith() throws IOException {
    assertBegins(_ -> {}, 1);
    assertBegins(TokenizerSettingsTest::template, 1, 3);
    assertBegins(TokenizerSettingsTest::byteLevel);
    settings("{'bos_token':'<s>','add_bos_token':false}");
    assertBegins(_ -> {});
    assertBegins(TokenizerSettingsTest::template, 3);
    settings("{'bos_token':'<s>','add_bos_token':true,'add_eos_token':true}");
    assertBegins(_ -> {}, 1);
    assertBegins(TokenizerSettingsTest::template, 1, 3);
    assertBegins(TokenizerSettingsTest::byteLevel, 1);
    settings("{'bos_token':null}");
    assertBegins(_ -> {});
    settings("{'bos_token':null,'add_bos_token':true}");
    assertRefused(
        _ -> {},
        "tokenizer_config.json: add_bos_token is true, but there is no bos_token: name one, or set"
            + " it to false");
  }

  @Test
  void aSpaceBeforeTextsStandsBeforeTheFirstOne() throws IOException {
    Consumer<ObjectNode> spaced =
        root -> ((ObjectNode) root.get("pre_tokenizer")).put("add_prefix_space", true);
    try (Tokenizer tokenizer = variant(spaced);
        Tokenizer plain = Tokenizer.open(BaseModels.folder(BaseModels.OURS))) {
      assertArrayEquals(new int[] {ALIEN, 276}, tokenizer.encodeFirst("Alien"));
      assertArrayEquals(new int[] {ALIEN, 276}, tokenizer.encodeFirst(" Alien"));
      assertArrayEquals(plain.encode("Alien"), tokenizer.encode("Alien"));
      assertArrayEquals(new int[] {14}, tokenizer.encode("\n"));
      assertArrayEquals(plain.encode("Alien"), plain.encodeFirst("Alien"));
      assertEquals(" Alien", tokenizer.decode(tokenizer.encodeFirst("Alien")));
    }
  }

  private void assertRefused(Consumer<ObjectNode> change, String message) throws IOException {
    Path changed = written(change);
    var e = assertThrows(BadInputException.class, () -> Tokenizer.open(changed));
    assertEquals(folder + "/" + message, e.getMessage());
  }

  @Test
  void idsAreWholeNumbersOfOneTokenEach() throws IOException {
    String range = "expected a whole number from 0 to 16777215";
    assertRefused(
        root -> root.withArray("added_tokens").addArray(),
        "tokenizer.json: added_tokens[4]: expected an object with a content and an id, got []");
    assertRefused(
        root -> added(root, 6144, "<x>").remove("id"),
        "tokenizer.json: added_tokens[4] ('<x>'): id missing: " + range);
    for (String id : List.of("2147483648", "-1", "16777216", "1.5", "\"7\"", "null", "[]")) {
      assertRefused(
          root -> added(root, 0, "<x>").set("id", JSON.readTree(id)),
          "tokenizer.json: added_tokens[4] ('<x>'): id " + id + ": " + range);
      assertRefused(
          root -> ((ObjectNode) model(root).get("vocab")).set("odd", JSON.readTree(id)),
          "tokenizer.json: model.vocab: token 'odd': id " + id + ": " + range);
    }
    assertRefused(
        root -> {
          added(root, 6144, "<x>");
          added(root, 6144, "<y>");
        },
        "tokenizer.json: tokens '<x>' and '<y>' have the same id 6144");
    assertRefused(
        root -> added(root, 6144, "<pad>"),
        "tokenizer.json: added_tokens[4] ('<pad>'): id 6144, but the token has the id 0");
    assertRefused(
        root -> added(root, 9000, "<x>"),
        "tokenizer.json: added token '<x>': id 9000: expected 6144, the next free id");
  }

  @Test
  void aVocabularyMayHaveGaps() throws IOException {
    Consumer<ObjectNode> gap = root -> ((ObjectNode) model(root).get("vocab")).put("qqqq", 6200);
    try (Tokenizer tokenizer = variant(gap)) {
      assertEquals(6201, tokenizer.vocabularySize());
      assertEquals("x", tokenizer.decode(new int[] {6199, tokenizer.encode("x")[0]}));
    }
  }

  @Test
  void namedTokensAreInTheVocabulary() throws IOException {
    for (String role : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      settings("{'" + role + "':'[NEW]'}");
      assertRefused(
          _ -> {},
          "tokenizer_config.json: "
              + role
              + " '[NEW]' is not in the vocabulary of tokenizer.json: name one of its tokens, or"
              + " null");
    }
  }

  @Test
  void addBosTokenIsTrueOrFalse() throws IOException {
    for (String value : List.of("\"false\"", "0", "[]")) {
      settings("{'bos_token':'<s>','add_bos_token':" + value + "}");
      assertRefused(
          _ -> {}, "tokenizer_config.json: add_bos_token: expected true or false, got " + value);
    }
    settings("{'bos_token':'<s>','add_bos_token':null}");
    assertBegins(_ -> {}, 1);
  }

  private void decoder(String tokens) throws IOException {
    settings("{'bos_token':'<s>','eos_token':'</s>','added_tokens_decoder':{" + tokens + "}}");
  }

  @Test
  void tokensThatTheConfigurationAddsAreAdded() throws IOException {
    decoder("'6144':{'content':'Big','special':false,'normalized':false}");
    try (Tokenizer tokenizer = variant(_ -> {})) {
      assertEquals(6145, tokenizer.vocabularySize());
      assertEquals(List.of(6144), found(tokenizer.encode("a Big day")));
    }
    decoder(
        "'6144':{'content':'<x>','lstrip':true,'rstrip':true},'1':{'content':'<s>','special':true}");
    try (Tokenizer tokenizer = variant(root -> added(root, 6144, "<x>", "special"))) {
      assertArrayEquals(new int[] {101, 6144, 102}, tokenizer.encode("a <x> b"));
      assertTrue(tokenizer.isSpecial(1));
      assertTrue(!tokenizer.isSpecial(6144));
    }
  }

  @Test
  void tokensThatTheConfigurationAddsContradictNothing() throws IOException {
    String start = "tokenizer_config.json: added_tokens_decoder: ";
    decoder("'7':{'content':'<s>'}");
    assertRefused(_ -> {}, start + "'7': token '<s>' has the id 7, but 1 in tokenizer.json");
    decoder("'x':{'content':'<s>'}");
    assertRefused(_ -> {}, start + "id 'x': expected a whole number from 0 to 16777215");
    decoder("'6144':{}");
    assertRefused(_ -> {}, start + "'6144': expected an object with a content, got {}");
    decoder("'6144':{'content':'<x>','lstrip':1}");
    assertRefused(_ -> {}, start + "'6144': lstrip: expected true or false, got 1");
    decoder("'9000':{'content':'<x>'}");
    assertRefused(
        _ -> {}, "tokenizer.json: added token '<x>': id 9000: expected 6144, the next free id");
    settings("{'added_tokens_decoder':[]}");
    assertRefused(_ -> {}, start + "expected an object of ids to tokens, got []");
  }

  @Test
  void anOlderListOfAddedTokensRepeatsTheTokenizers() throws IOException {
    Path list = folder.resolve("added_tokens.json");
    Files.writeString(list, "{\"<s>\":1}");
    assertBegins(_ -> {}, 1);
    Files.writeString(list, "{\"<s>\":2}");
    assertRefused(
        _ -> {}, "added_tokens.json: '<s>': token '<s>' has the id 2, but 1 in tokenizer.json");
    Files.writeString(list, "{\"Arctic Kettle\":6144}");
    assertRefused(
        _ -> {},
        "added_tokens.json: token 'Arctic Kettle' is not in tokenizer.json: add it to added_tokens"
            + " there, or take it out here");
  }

  @Test
  void aPostProcessorPutsTokensOfTheVocabulary() throws IOException {
    String end =
        ": expected the id of a token; the vocabulary has 6144 tokens, with ids from 0 to 6143";
    for (String id : List.of("999999", "6144", "-1", "1.5")) {
      assertRefused(
          root -> {
            template(root);
            ((ArrayNode) root.at("/post_processor/special_tokens/<slot>/ids"))
                .set(0, JSON.readTree(id));
          },
          "tokenizer.json: post_processor.special_tokens '<slot>': id " + id + end);
    }
    for (String key : List.of("cls", "sep")) {
      assertRefused(
          root -> {
            ObjectNode step = JSON.createObjectNode().put("type", "RobertaProcessing");
            step.putArray("cls").add("<s>").add(key.equals("cls") ? 7000 : 1);
            step.putArray("sep").add("</s>").add(key.equals("sep") ? 7000 : 2);
            root.putObject("post_processor")
                .put("type", "Sequence")
                .putArray("processors")
                .add(step);
          },
          "tokenizer.json: post_processor.processors[0]." + key + ": id 7000" + end);
    }
  }

  private void map(String json) throws IOException {
    Files.writeString(folder.resolve("special_tokens_map.json"), json.replace('\'', '"'));
  }

  @Test
  void theMapOfSpecialTokensIsReadForWhatTheConfigurationDoesNotName() throws IOException {
    Consumer<ObjectNode> own =
        root -> {
          added(root, 6144, "[START]", "special");
          added(root, 6145, "[STOP]", "special");
          added(root, 6146, "[FILL]", "special");
        };
    settings("{'eos_token':'</s>'}");
    map("{'bos_token':'[START]','eos_token':'[STOP]','pad_token':{'content':'[FILL]'}}");
    try (Tokenizer tokenizer = variant(own)) {
      assertEquals(6144, tokenizer.bos());
      assertEquals(2, tokenizer.eos());
      assertEquals(6146, tokenizer.pad());
      assertEquals(6144, tokenizer.beginning()[0]);
    }
    settings("{'bos_token':null,'eos_token':'</s>','pad_token':'<pad>'}");
    try (Tokenizer tokenizer = variant(own)) {
      assertEquals(-1, tokenizer.bos());
    }
    settings("{'eos_token':'</s>'}");
    map("{'bos_token':'[NEW]'}");
    assertRefused(
        _ -> {},
        "special_tokens_map.json: bos_token '[NEW]' is not in the vocabulary of tokenizer.json:"
            + " name one of its tokens, or null");
    map("{'bos_token':");
    assertTrue(
        assertThrows(BadInputException.class, () -> variant(_ -> {}))
            .getMessage()
            .startsWith(folder.resolve("special_tokens_map.json") + ":1: is not valid JSON"));
  }

  @Test
  void aTokenForWhatIsUnknownIsInTheVocabulary() throws IOException {
    Consumer<ObjectNode> letters =
        root -> {
          root.putNull("pre_tokenizer").putNull("decoder").putNull("post_processor");
          ObjectNode model = model(root);
          model.put("unk_token", "[?]").put("byte_fallback", false).putArray("merges");
          model.putObject("vocab").put("<pad>", 0).put("<s>", 1).put("</s>", 2).put("\n", 3);
          root.putArray("added_tokens");
        };
    assertRefused(
        letters, "tokenizer.json: cannot read a text: Unk token `[?]` not found in the vocabulary");
  }

  @Test
  void everyTokenHasAnEmbedding() throws IOException {
    try (Tokenizer tokenizer = variant(root -> added(root, 6144, "[PAD]", "special"))) {
      var e = assertThrows(BadInputException.class, () -> tokenizer.requireEmbeddings(6144));
      assertEquals(
          file
              + ": names token 6144, but the model has 6144 embeddings (vocab_size in config.json),"
              + " for tokens 0 to 6143: take the token out of the tokenizer, or resize the model's"
              + " embeddings",
          e.getMessage());
      tokenizer.requireEmbeddings(6145);
      tokenizer.requireEmbeddings(6208);
    }
  }

  private static final String LINE_BREAK =
      "tokenizer.json: this tokenizer has no token for a line break, which ends every answer: %s."
          + " Use a model whose tokenizer works on bytes or falls back to bytes";

  @Test
  void aTokenizerWritesLineBreaks() throws IOException {
    assertRefused(
        root -> root.putObject("pre_tokenizer").put("type", "Whitespace"),
        LINE_BREAK.formatted("it drops one"));
    assertRefused(
        root ->
            root.putObject("normalizer")
                .put("type", "Strip")
                .put("strip_left", true)
                .put("strip_right", true),
        LINE_BREAK.formatted("it drops one"));
    settings("{}");
    assertRefused(
        TokenizerSettingsTest::unigram, LINE_BREAK.formatted("it reads one as an unknown token"));
    assertRefused(
        root -> {
          ObjectNode replace = root.putObject("normalizer").put("type", "Replace");
          replace.putObject("pattern").put("String", "\n");
          replace.put("content", " ");
        },
        LINE_BREAK.formatted("it reads one as ' '"));
  }

  private static void unigram(ObjectNode root) {
    root.putArray("added_tokens");
    ObjectNode model = root.putObject("model").put("type", "Unigram").put("unk_id", 0);
    model.put("byte_fallback", false);
    ArrayNode vocabulary = model.putArray("vocab");
    for (String token : List.of("<unk>", "▁", "a", "b")) {
      vocabulary.addArray().add(token).add(-2.0);
    }
    for (String part : List.of("pre_tokenizer", "decoder")) {
      root.putObject(part)
          .put("type", "Metaspace")
          .put("replacement", "▁")
          .put("prepend_scheme", "always")
          .put("split", true);
    }
  }
}
