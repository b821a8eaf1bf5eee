package dev.ilora.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The special tokens that the files beside a tokenizer name: {@code tokenizer_config.json}, and for
 * what it does not name {@code special_tokens_map.json}, as older versions of Hugging Face's
 * library wrote it.
 */
final class SpecialNames {
  static final String CONFIGURATION = "tokenizer_config.json";
  static final String MAP = "special_tokens_map.json";
  private static final List<String> ROLES =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  private final Path tokenizer;
  private final JsonNode configuration;
  private final JsonNode map;

  private SpecialNames(Path tokenizer) throws IOException {
    this.tokenizer = tokenizer;
    configuration = object(tokenizer.resolveSibling(CONFIGURATION));
    map = object(tokenizer.resolveSibling(MAP));
  }

  /**
   * Reads the files beside a tokenizer; one that is not there names nothing.
   *
   * @throws dev.ilora.BadInputException if one is not JSON
   */
  static SpecialNames beside(Path tokenizer) throws IOException {
    return new SpecialNames(tokenizer);
  }

  /** A file as JSON; an empty object where there is none. */
  static JsonNode object(Path file) throws IOException {
    return Files.isRegularFile(file)
        ? TokenizerFile.tree(file, Files.readAllBytes(file))
        : JsonMapper.shared().createObjectNode();
  }

  /** What {@code tokenizer_config.json} holds. */
  JsonNode configuration() {
    return configuration;
  }

  /**
   * The token of a role, such as {@code bos_token}; an empty text where a file says that there is
   * none, and nothing where no file says.
   */
  Optional<String> token(String role) {
    JsonNode token = decides(role) ? map.get(role) : configuration.get(role);
    return Optional.ofNullable(token)
        .map(named -> named.isObject() ? named.path("content").asString() : named.asString(""));
  }

  /** The file that says it. */
  Path file(String role) {
    return tokenizer.resolveSibling(decides(role) ? MAP : CONFIGURATION);
  }

  /** Whether anything depends on {@code special_tokens_map.json}. */
  boolean mapDecides() {
    return ROLES.stream().anyMatch(this::decides);
  }

  private boolean decides(String role) {
    return !configuration.has(role) && map.has(role);
  }
}
