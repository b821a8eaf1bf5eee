package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The added tokens that stand beside a {@code tokenizer.json}. Hugging Face's library adds those of
 * {@code added_tokens_decoder} in {@code tokenizer_config.json} to the tokenizer's own, and their
 * flags replace those that it has. {@code added_tokens.json} is from before; it may only repeat
 * what the tokenizer holds.
 */
final class AddedTokensJson {
  static final String DECODER = "added_tokens_decoder";
  private static final List<String> FLAGS =
      List.of("single_word", "lstrip", "rstrip", "normalized", "special");

  private final Path tokenizer;
  private final ObjectNode root;
  private final Map<String, Integer> vocabulary;
  private final Map<String, ObjectNode> own = new HashMap<>();

  private AddedTokensJson(Path tokenizer, ObjectNode root, Map<String, Integer> vocabulary) {
    this.tokenizer = tokenizer;
    this.root = root;
    this.vocabulary = vocabulary;
    for (JsonNode token : root.path("added_tokens")) {
      if (token instanceof ObjectNode object && object.path("content").isString()) {
        own.put(object.path("content").asString(), object);
      }
    }
  }

  /**
   * Adds them to the content of a tokenizer.
   *
   * @param vocabulary ids of the model's own tokens
   * @param named what is said beside the tokenizer
   * @throws BadInputException if one contradicts the tokenizer
   */
  static void merge(
      Path tokenizer, ObjectNode root, Map<String, Integer> vocabulary, SpecialNames named) {
    new AddedTokensJson(tokenizer, root, vocabulary).merge(named);
  }

  private void merge(SpecialNames named) {
    Path file = named.configurationFile();
    JsonNode configuration = named.settings().getFirst();
    JsonNode decoder = configuration.path(DECODER);
    if (configuration.hasNonNull(DECODER)) {
      if (!decoder.isObject()) {
        throw refused(file, DECODER + ": expected an object of ids to tokens, got " + decoder);
      }
      Map<Integer, JsonNode> byId = new TreeMap<>();
      decoder.forEachEntry((key, token) -> byId.put(id(file, key), token));
      byId.forEach((id, token) -> add(file, id, token));
    } else {
      requireKnown(tokenizer.resolveSibling(SpecialNames.OLDER), named.olderAdded());
    }
  }

  private static int id(Path file, String key) {
    if (!key.matches("\\d{1,8}") || Integer.parseInt(key) >= TokenizerFile.MOST_TOKENS) {
      throw refused(
          file,
          "%s: id '%s': expected a whole number from 0 to %s"
              .formatted(DECODER, key, TokenizerFile.MOST_TOKENS - 1));
    }
    return Integer.parseInt(key);
  }

  private void add(Path file, int id, JsonNode token) {
    String where = "%s: '%s'".formatted(DECODER, id);
    String content = token.path("content").asString("");
    if (content.isEmpty()) {
      throw refused(file, where + ": expected an object with a content, got " + token);
    }
    requireSame(file, where, content, id);
    ObjectNode added = own.get(content);
    if (added == null) {
      added = root.withArray("added_tokens").addObject();
      added.put("id", id).put("content", content);
      own.put(content, added);
    }
    boolean special = flag(file, where, token, "special", false);
    for (String flag : FLAGS) {
      boolean usual = flag.equals("normalized") && !special;
      added.put(flag, flag(file, where, token, flag, usual));
    }
  }

  private static boolean flag(
      Path file, String where, JsonNode token, String flag, boolean absent) {
    JsonNode value = token.path(flag);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw refused(file, "%s: %s: expected true or false, got %s".formatted(where, flag, value));
    }
    return value.asBoolean(absent);
  }

  /** Refuses another id than the tokenizer's; a token that it does not have may have any. */
  private void requireSame(Path file, String where, String content, int id) {
    JsonNode listed = own.containsKey(content) ? own.get(content).path("id") : root.path("");
    Integer known = listed.isInt() ? (Integer) listed.asInt() : vocabulary.get(content);
    if (known != null && known != id) {
      throw refused(
          file,
          "%s: token '%s' has the id %s, but %s in %s"
              .formatted(where, content, id, known, tokenizer.getFileName()));
    }
  }

  private void requireKnown(Path file, JsonNode tokens) {
    tokens.forEachEntry(
        (content, id) -> {
          if (!own.containsKey(content) && !vocabulary.containsKey(content)) {
            throw refused(
                file,
                "token '%s' is not in %s: add it to added_tokens there, or take it out here"
                    .formatted(content, tokenizer.getFileName()));
          }
          requireSame(file, "'" + content + "'", content, id.asInt(-1));
        });
  }

  private static BadInputException refused(Path file, String message) {
    return new BadInputException(file, message);
  }
}
