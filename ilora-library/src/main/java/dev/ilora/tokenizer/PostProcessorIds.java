package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The ids that a post-processor puts around a text. The native library takes them as they are, and
 * ends the process where no token has one.
 */
record PostProcessorIds(Path file, Set<Integer> known, int size) {
  private static final String KEY = "post_processor";

  static void require(Path file, JsonNode root, Collection<Integer> known, int size) {
    new PostProcessorIds(file, Set.copyOf(known), size).require(root.path(KEY), KEY);
  }

  private void require(JsonNode processor, String where) {
    JsonNode steps = processor.path("processors");
    for (int i = 0; i < steps.size(); i++) {
      require(steps.path(i), "%s.processors[%s]".formatted(where, i));
    }
    processor
        .path("special_tokens")
        .forEachEntry(
            (name, token) -> {
              for (JsonNode id : token.path("ids")) {
                requireKnown(id, "%s.special_tokens '%s'".formatted(where, name));
              }
            });
    for (String key : new String[] {"cls", "sep"}) {
      if (processor.path(key).isArray()) {
        requireKnown(processor.path(key).path(1), where + "." + key);
      }
    }
  }

  private void requireKnown(JsonNode id, String where) {
    if (!id.isInt() || !known.contains(id.asInt())) {
      throw new BadInputException(
          file,
          "%s: id %s: expected the id of a token; the vocabulary has %s tokens, with ids from 0 to %s"
              .formatted(where, id.isMissingNode() ? "missing" : id, known.size(), size - 1));
    }
  }
}
