package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ids with a meaning of their own, and the size of the vocabulary they belong to; -1 where a
 * tokenizer has none.
 */
record SpecialTokens(
    int vocabularySize, int bos, int eos, int pad, int slot, Map<String, Integer> added) {
  static final String PAD = "<pad>";
  static final String BOS = "<s>";
  static final String EOS = "</s>";
  static final String SLOT = "<slot>";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> BOS_NAMES =
      List.of(BOS, "<|begin_of_text|>", "<|startoftext|>", "<bos>", "[BOS]");
  private static final List<String> EOS_NAMES =
      List.of(EOS, "<|end_of_text|>", "<|endoftext|>", "<eos>", "[EOS]", "<|im_end|>");
  private static final List<String> PAD_NAMES =
      List.of(PAD, "[PAD]", "<|finetune_right_pad_id|>", "<|pad|>");
  private static final List<String> UNKNOWN_NAMES = List.of("<unk>", "[UNK]");

  /** Reads them from a tokenizer.json's content and the configuration files beside its file. */
  static SpecialTokens read(Path file, byte[] json) throws IOException {
    JsonNode tokenizer = tree(file, json);
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.forEachEntry((token, id) -> ids.put(token, id.asInt()));
    } else {
      for (int i = 0; i < vocabulary.size(); i++) {
        ids.put(vocabulary.path(i).path(0).asString(), i);
      }
    }
    Map<String, Integer> added = new LinkedHashMap<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      added.put(token.path("content").asString(), token.path("id").asInt());
    }
    ids.putAll(added);
    if (ids.isEmpty()) {
      throw new BadInputException(file, "holds no vocabulary (model.vocab)");
    }
    int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return resolve(file, size, ids, added);
  }

  private static SpecialTokens resolve(
      Path file, int size, Map<String, Integer> ids, Map<String, Integer> added)
      throws IOException {
    List<JsonNode> settings =
        List.of(
            beside(file, "tokenizer_config.json"),
            beside(file, "generation_config.json"),
            beside(file, "config.json"));
    int bos = id("bos_token", settings, ids, BOS_NAMES);
    int eos = id("eos_token", settings, ids, EOS_NAMES);
    int ownPad = id("pad_token", settings, ids, PAD_NAMES);
    int pad = ownPad >= 0 ? ownPad : Math.max(eos, 0);
    int unknown = id("unk_token", settings, ids, UNKNOWN_NAMES);
    int slot = ids.getOrDefault(SLOT, unknown >= 0 ? unknown : pad);
    for (int special : new int[] {bos, eos, pad}) {
      if (special >= size) {
        throw new BadInputException(
            file,
            "the configuration beside it names token %s, but the vocabulary holds %s"
                .formatted(special, size));
      }
    }
    return new SpecialTokens(size, bos, eos, pad, slot, Map.copyOf(added));
  }

  private static int id(
      String role, List<JsonNode> settings, Map<String, Integer> ids, List<String> names) {
    JsonNode token = settings.getFirst().get(role);
    if (token != null) {
      String text = token.isObject() ? token.path("content").asString() : token.asString("");
      return ids.getOrDefault(text, -1);
    }
    for (JsonNode setting : settings) {
      JsonNode id = setting.path(role + "_id");
      JsonNode first = id.isArray() ? id.path(0) : id;
      if (first.isInt()) {
        return first.asInt();
      }
    }
    return names.stream().filter(ids::containsKey).map(ids::get).findFirst().orElse(-1);
  }

  private static JsonNode beside(Path file, String name) throws IOException {
    Path sibling = file.resolveSibling(name);
    return Files.isRegularFile(sibling)
        ? tree(sibling, Files.readAllBytes(sibling))
        : JSON.createObjectNode();
  }

  private static JsonNode tree(Path file, byte[] content) {
    try {
      return JSON.readTree(content);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String message = "is not valid JSON: " + e.getOriginalMessage();
      throw line > 0
          ? new BadInputException(file, line, message)
          : new BadInputException(file, message);
    }
  }

  /** Returns what matches the added tokens where a text spells them, longest first. */
  Pattern pattern() {
    String any =
        added.keySet().stream()
            .filter(token -> token.codePointCount(0, token.length()) > 1)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(any.isEmpty() ? "(?!)" : any);
  }
}
