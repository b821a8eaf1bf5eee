package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer.json as it is used here: nothing of training, and nothing that depends on where a
 * text begins.
 *
 * <ul>
 *   <li>dropout of merges is off: it is for training, and makes every encoding another one
 *   <li>the space that some tokenizers put before a text is left out, and so is its removal in
 *       decoding. Most texts are pieces of a prompt; {@link PrefixSpace} puts it before the first
 *   <li>special tokens are found as they are spelled, never in a normalised form
 * </ul>
 */
final class InferenceTokenizer {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SPACE = "▁";

  /** What a tokenizer puts before a whole text. */
  enum PrefixSpace {
    /** Nothing. */
    NONE,
    /** A space. */
    ALWAYS,
    /** A space, where the text does not begin with one. */
    WHERE_MISSING;

    /** A text with its space. */
    String before(String text) {
      boolean has = text.isEmpty() || this == NONE || this == WHERE_MISSING && text.startsWith(" ");
      return has ? text : " " + text;
    }
  }

  private final Path file;
  private final ObjectNode root;
  private PrefixSpace prefix = PrefixSpace.NONE;

  private InferenceTokenizer(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  static InferenceTokenizer of(Path file, JsonNode read) {
    if (!(read instanceof ObjectNode object)) {
      throw new BadInputException(file, "expected a JSON object");
    }
    InferenceTokenizer made = new InferenceTokenizer(file, object);
    made.change();
    return made;
  }

  private void change() {
    if (root.path("model") instanceof ObjectNode model && model.has("dropout")) {
      model.putNull("dropout");
    }
    root.path("added_tokens").forEach(InferenceTokenizer::findAsSpelled);
    if (withoutPrepend(root.path("normalizer"))) {
      root.putNull("normalizer");
    }
    withoutPrefix(root.path("pre_tokenizer"));
    keepFirstSpace(root.path("decoder"));
  }

  private static void findAsSpelled(JsonNode token) {
    if (token instanceof ObjectNode object && object.path("special").asBoolean(false)) {
      object.put("normalized", false);
    }
  }

  /** Takes the step out that puts a space before a text; true where this node is that step. */
  private boolean withoutPrepend(JsonNode normalizer) {
    switch (normalizer.path("type").asString("")) {
      case "Prepend" -> {
        String prepended = normalizer.path("prepend").asString("");
        if (!prepended.equals(SPACE)) {
          throw new BadInputException(
              file, "normalizer Prepend '%s': expected '%s'".formatted(prepended, SPACE));
        }
        prefix = PrefixSpace.ALWAYS;
        return true;
      }
      case "Sequence" -> {
        if (normalizer.path("normalizers") instanceof ArrayNode steps) {
          for (int i = steps.size() - 1; i >= 0; i--) {
            if (withoutPrepend(steps.get(i))) {
              steps.remove(i);
            }
          }
        }
      }
      default -> {}
    }
    return false;
  }

  private void withoutPrefix(JsonNode node) {
    node.path("pretokenizers").forEach(this::withoutPrefix);
    if (!(node instanceof ObjectNode step)) {
      return;
    }
    switch (step.path("type").asString("")) {
      case "ByteLevel" -> {
        if (step.path("add_prefix_space").asBoolean(true)) {
          prefix = PrefixSpace.WHERE_MISSING;
          step.put("add_prefix_space", false);
        }
      }
      case "Metaspace" -> {
        if (!neverPrepends(step)) {
          prefix = PrefixSpace.WHERE_MISSING;
        }
      }
      default -> {}
    }
  }

  /** Turns a Metaspace's space off; true where it was off. */
  private static boolean neverPrepends(ObjectNode metaspace) {
    boolean never =
        metaspace.path("prepend_scheme").asString("").equals("never")
            || !metaspace.path("add_prefix_space").asBoolean(true);
    metaspace.remove("add_prefix_space");
    metaspace.put("prepend_scheme", "never");
    return never;
  }

  private static void keepFirstSpace(JsonNode node) {
    node.path("decoders").forEach(InferenceTokenizer::keepFirstSpace);
    if (!(node instanceof ObjectNode step)) {
      return;
    }
    switch (step.path("type").asString("")) {
      case "Metaspace" -> neverPrepends(step);
      case "Strip" -> {
        if (step.path("content").asString("").equals(" ")) {
          step.put("start", 0);
        }
      }
      default -> {}
    }
  }

  /** What it put before a whole text. */
  PrefixSpace prefix() {
    return prefix;
  }

  /** The content to make the tokenizer from. */
  byte[] json() {
    return JSON.writeValueAsBytes(root);
  }
}
