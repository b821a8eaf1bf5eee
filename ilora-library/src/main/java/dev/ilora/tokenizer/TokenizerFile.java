package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}: the ids of its tokens, checked, and what is done with the file at
 * inference.
 */
final class TokenizerFile {
  /** More tokens than any tokenizer has; an id from here on is a mistake of the file. */
  static final int MOST_TOKENS = 1 << 24;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final JsonNode root;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<String, Integer> specials = new LinkedHashMap<>();
  private final Map<String, Integer> added = new LinkedHashMap<>();

  private TokenizerFile(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads the content of a file, with the added tokens that stand beside it.
   *
   * @param named what is said beside it
   * @throws BadInputException if it is not JSON, has no vocabulary, a token's id is missing, not a
   *     whole number, too high or another token's, a post-processor has an id of no token, or the
   *     added tokens contradict the file
   */
  static TokenizerFile read(Path file, byte[] content, SpecialNames named) {
    TokenizerFile read = new TokenizerFile(file, tree(file, content));
    read.vocabulary();
    if (read.root instanceof ObjectNode object) {
      AddedTokensJson.merge(file, object, read.ids, named);
    }
    read.addedTokens();
    if (read.ids.isEmpty()) {
      throw new BadInputException(file, "holds no vocabulary (model.vocab)");
    }
    read.requireOneTokenAnId();
    PostProcessorIds.require(file, read.root, read.ids.values(), read.size());
    return read;
  }

  /** Reads JSON, or refuses it with its line. */
  static JsonNode tree(Path file, byte[] content) {
    try {
      return JSON.readTree(content);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String message = "is not valid JSON: " + JsonReason.of(e);
      throw line > 0
          ? new BadInputException(file, line, message)
          : new BadInputException(file, message);
    }
  }

  private void vocabulary() {
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.forEachEntry(
          (token, id) -> ids.put(token, id("model.vocab: token '" + token + "'", id)));
    } else {
      for (int i = 0; i < vocabulary.size(); i++) {
        ids.put(vocabulary.path(i).path(0).asString(""), i);
      }
    }
  }

  private int id(String what, JsonNode id) {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.asInt() < 0
        || id.asInt() >= MOST_TOKENS) {
      throw new BadInputException(
          file,
          "%s: id %s: expected a whole number from 0 to %s"
              .formatted(what, id.isMissingNode() ? "missing" : id, MOST_TOKENS - 1));
    }
    return id.asInt();
  }

  private void addedTokens() {
    JsonNode tokens = root.path("added_tokens");
    for (int i = 0; i < tokens.size(); i++) {
      JsonNode token = tokens.path(i);
      String where = "added_tokens[" + i + "]";
      String content = token.path("content").isString() ? token.path("content").asString() : "";
      if (content.isEmpty()) {
        throw new BadInputException(
            file,
            "%s: expected an object with a content and an id, got %s".formatted(where, token));
      }
      int id = id(where + " ('" + content + "')", token.path("id"));
      Integer known = ids.putIfAbsent(content, id);
      if (known != null && known != id) {
        throw new BadInputException(
            file,
            "%s ('%s'): id %s, but the token has the id %s".formatted(where, content, id, known));
      }
      added.put(content, id);
      if (token.path("special").isBoolean() && token.path("special").asBoolean()) {
        specials.put(content, id);
      }
    }
  }

  private void requireOneTokenAnId() {
    Map<Integer, String> tokens = new HashMap<>();
    ids.forEach(
        (token, id) -> {
          String other = tokens.putIfAbsent(id, token);
          if (other != null) {
            boolean first = other.compareTo(token) < 0;
            throw new BadInputException(
                file,
                "tokens '%s' and '%s' have the same id %s"
                    .formatted(first ? other : token, first ? token : other, id));
          }
        });
  }

  /** The content, with the added tokens that stand beside it. */
  JsonNode root() {
    return root;
  }

  /** The file. */
  Path path() {
    return file;
  }

  /** The id of every token. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** The ids of tokens added to the model's own. */
  Map<String, Integer> added() {
    return added;
  }

  /** The ids of those added tokens that are never text. */
  Map<String, Integer> specials() {
    return specials;
  }

  /** What kind of tokenizer it is, in words. */
  String kind() {
    JsonNode model = root.path("model");
    String type = model.path("type").asString("tokenizer of an unnamed kind");
    boolean bytes = root.path("pre_tokenizer").toString().contains("\"ByteLevel\"");
    boolean fallback = model.path("byte_fallback").asBoolean(false);
    return bytes ? "byte-level " + type : fallback ? type + " with byte fallback" : type;
  }

  /** The highest id plus one. */
  int size() {
    return 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }

  /** Whether the file says by a post-processor which tokens stand around a text. */
  boolean hasPostProcessor() {
    return root.path("post_processor").isObject();
  }

  /** The token of the model for what it cannot write, or null. */
  Integer unknown() {
    JsonNode model = root.path("model");
    JsonNode id = model.path("unk_id");
    return id.isIntegralNumber() && id.canConvertToInt()
        ? (Integer) id.asInt()
        : ids.get(model.path("unk_token").asString(""));
  }

  /** The content as it is used at inference. */
  InferenceTokenizer inference() {
    return InferenceTokenizer.of(file, root);
  }
}
