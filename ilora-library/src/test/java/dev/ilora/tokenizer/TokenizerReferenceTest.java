package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.files.Hashes;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our vocabulary against ids that another library gives, and real ones against slow encoders
 * written from the papers.
 */
class TokenizerReferenceTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void iloraBaseGivesTheStoredIds() throws IOException {
    Path own = BaseModels.folder(BaseModels.OURS).resolve("tokenizer.json");
    JsonNode stored = JSON.readTree(ReferenceFiles.of("tokenizer/ilora-base.json"));
    assertEquals(
        stored.get("sha256").asString(),
        Hashes.sha256(Files.readAllBytes(own)),
        "the stored ids are of another file: scripts/reference/run tokenizer makes them");
    JsonNode model = JSON.readTree(own).get("model");
    Map<String, Integer> ids = new HashMap<>();
    model.get("vocab").forEachEntry((token, id) -> ids.put(token, id.asInt()));
    List<String> merges = new ArrayList<>();
    model.get("merges").forEach(merge -> merges.add(merge.asString()));
    SlowBpe slow = SlowBpe.of(ids, merges);
    try (Tokenizer tokenizer = Tokenizer.open(own)) {
      for (JsonNode entry : stored.get("texts")) {
        String text = entry.get("text").asString();
        int[] expected = JSON.treeToValue(entry.get("ids"), int[].class);
        assertArrayEquals(expected, tokenizer.encode(text), text);
        assertArrayEquals(expected, slow.encode(text), text);
        assertEquals(text, tokenizer.decode(expected));
      }
    }
  }

  @Test
  void gpt2() throws IOException {
    Path encoder = SharedFiles.require("data/tokenizers/gpt2.encoder.json");
    Path merges = SharedFiles.require("data/tokenizers/gpt2.vocab.bpe");
    List<String> lines = Files.readAllLines(merges).stream().skip(1).toList();
    Map<String, Integer> ids = new LinkedHashMap<>();
    JSON.readTree(encoder).forEachEntry((token, id) -> ids.put(token, id.asInt()));
    Path small = folder.resolve("small.json");
    BpeTrainer.train(List.of("a"), BpeTrainer.SMALLEST_VOCABULARY, small);
    Map<String, Object> json = new LinkedHashMap<>();
    JSON.readTree(small).forEachEntry(json::put);
    json.put("added_tokens", List.of());
    json.put("model", Map.of("type", "BPE", "vocab", ids, "merges", lines));
    Files.delete(folder.resolve("tokenizer_config.json"));
    Path file = folder.resolve("tokenizer.json");
    Files.write(file, JSON.writeValueAsBytes(json));
    SlowBpe reference = SlowBpe.of(ids, lines);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(50257, tokenizer.vocabularySize());
      assertEquals(50256, tokenizer.eos());
      assertArrayEquals(new int[] {15496, 11, 995, 0}, tokenizer.encode("Hello, world!"));
      Random random = new Random(1);
      for (int i = 0; i < 300; i++) {
        String text = Texts.random(random) + Texts.TITLES.get(i % Texts.TITLES.size());
        assertArrayEquals(reference.encode(text), tokenizer.encode(text), text);
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
      }
    }
  }

  @Test
  void llama2() throws IOException {
    Path model = SharedFiles.require("data/tokenizers/llama2.tokenizer.model");
    JsonNode json =
        JSON.valueToTree(SentencePieceModel.tokenizerJson(model, Files.readAllBytes(model)));
    assertEquals("Prepend", json.at("/normalizer/normalizers/0/type").asString());
    Map<String, Integer> ids = new HashMap<>();
    json.path("model").path("vocab").forEachEntry((token, id) -> ids.put(token, id.asInt()));
    Path prefixing = Files.write(folder.resolve("tokenizer.json"), withDummySpace(json));
    try (Tokenizer tokenizer = Tokenizer.open(model);
        Tokenizer hub = Tokenizer.open(prefixing)) {
      assertEquals(32000, tokenizer.vocabularySize());
      assertEquals(1, tokenizer.bos());
      assertEquals(2, tokenizer.eos());
      assertEquals(0, tokenizer.slot());
      assertArrayEquals(
          new int[] {450, 4996, 17354, 1701, 29916}, tokenizer.encode(" The quick brown fox"));
      assertArrayEquals(new int[] {13}, tokenizer.encode("\n"));
      Random random = new Random(2);
      for (int i = 0; i < 300; i++) {
        String text = " " + Texts.TITLES.get(i % Texts.TITLES.size()) + Texts.random(random);
        text = text.replaceAll("</?s>", "");
        int[] tokens = tokenizer.encode(text);
        assertArrayEquals(slowSentencePiece(ids, text), tokens, text);
        assertEquals(text, tokenizer.decode(tokens));
        assertArrayEquals(tokens, hub.encode(text), text);
        assertEquals(text, hub.decode(tokens));
        assertArrayEquals(tokenizer.encode(" " + text), hub.encodeFirst(text), text);
      }
      assertArrayEquals(new int[] {15043}, hub.encodeFirst("Hello"));
      assertArrayEquals(new int[] {15043}, tokenizer.encodeFirst("Hello"));
    }
  }

  /** The file as Hugging Face publishes it: the space before a text is taken off in decoding. */
  private static byte[] withDummySpace(JsonNode json) {
    Map<String, Object> hub = new LinkedHashMap<>();
    json.forEachEntry(hub::put);
    List<Object> decoders = new ArrayList<>();
    json.path("decoder").path("decoders").forEach(decoders::add);
    decoders.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
    hub.put("decoder", Map.of("type", "Sequence", "decoders", decoders));
    return JSON.writeValueAsBytes(hub);
  }

  /**
   * Joins the neighbours whose piece has the best score, the leftmost first, until none has one.
   */
  private static int[] slowSentencePiece(Map<String, Integer> ids, String text) {
    List<String> parts = new ArrayList<>();
    text.replace(' ', '▁').codePoints().forEach(point -> parts.add(Character.toString(point)));
    while (true) {
      int best = -1;
      int bestId = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        // Llama 2 orders pieces by falling score, except the double space, which scores lowest.
        String joined = parts.get(i) + parts.get(i + 1);
        int id = ids.getOrDefault(joined, Integer.MAX_VALUE);
        id = joined.equals("▁▁") ? ids.size() : id;
        if (id < bestId) {
          best = i;
          bestId = id;
        }
      }
      if (best < 0) {
        break;
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    TokenList tokens = new TokenList();
    for (String part : parts) {
      if (ids.containsKey(part)) {
        tokens.add(ids.get(part));
      } else {
        for (int value : ByteAlphabet.bytes(part)) {
          tokens.add(ids.get("<0x%02X>".formatted(value)));
        }
      }
    }
    return tokens.toArray();
  }
}
