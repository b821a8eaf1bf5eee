package dev.ilora.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  /** Added tokens as older versions of the library wrote them. */
  static final String OLDER = "added_tokens.json";

  private static final List<String> ROLES =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  private final Path configurationFile;
  private final Path mapFile;
  private final JsonNode configuration;
  private final JsonNode map;
  private final JsonNode olderAdded;
  private final List<JsonNode> settings;
  private final Optional<String> chatFile;

  private SpecialNames(
      Path configurationFile,
      Path mapFile,
      JsonNode configuration,
      JsonNode map,
      JsonNode olderAdded,
      List<JsonNode> others,
      Optional<String> chatFile) {
    this.configurationFile = configurationFile;
    this.mapFile = mapFile;
    this.configuration = configuration;
    this.map = map;
    this.olderAdded = olderAdded;
    this.chatFile = chatFile;
    this.settings = Stream.concat(Stream.of(configuration), others.stream()).toList();
  }

  /**
   * Reads the files beside a tokenizer; one that is not there names nothing.
   *
   * @throws dev.ilora.BadInputException if one is not JSON
   */
  static SpecialNames beside(Path tokenizer) throws IOException {
    Path configuration = tokenizer.resolveSibling(CONFIGURATION);
    Path map = tokenizer.resolveSibling(MAP);
    JsonNode said = object(configuration);
    JsonNode none = JsonMapper.shared().createObjectNode();
    return new SpecialNames(
        configuration,
        map,
        said,
        object(map),
        said.hasNonNull(AddedTokensJson.DECODER) ? none : object(tokenizer.resolveSibling(OLDER)),
        List.of(
            object(tokenizer.resolveSibling("generation_config.json")),
            object(tokenizer.resolveSibling("config.json"))),
        text(tokenizer.resolveSibling(Tokenizer.CHAT_TEMPLATE)));
  }

  /**
   * What a file says that holds all of it.
   *
   * @param configuration what {@code tokenizer_config.json} would hold
   */
  static SpecialNames within(Path file, JsonNode configuration) {
    JsonNode none = JsonMapper.shared().createObjectNode();
    return new SpecialNames(file, file, configuration, none, none, List.of(), Optional.empty());
  }

  /** A file as JSON; an empty object where there is none. */
  private static JsonNode object(Path file) throws IOException {
    return Files.isRegularFile(file)
        ? TokenizerFile.tree(file, Files.readAllBytes(file))
        : JsonMapper.shared().createObjectNode();
  }

  private static Optional<String> text(Path file) throws IOException {
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Where ids of special tokens are looked for, {@code tokenizer_config.json} first. */
  List<JsonNode> settings() {
    return settings;
  }

  /** What {@code added_tokens.json} holds, which nobody asks where the configuration says it. */
  JsonNode olderAdded() {
    return olderAdded;
  }

  /**
   * The template of conversations: that in {@code tokenizer_config.json}, of several the one called
   * default, or else that in a file of its own.
   */
  Optional<String> chatTemplate() {
    JsonNode said = configuration.path("chat_template");
    JsonNode template = said;
    for (JsonNode named : said.isArray() ? said : List.<JsonNode>of()) {
      if (named.path("name").asString("").equals("default")) {
        template = named.path("template");
      }
    }
    return template.isString() ? Optional.of(template.asString()) : chatFile;
  }

  /** The file that holds {@code tokenizer_config.json}. */
  Path configurationFile() {
    return configurationFile;
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
    return decides(role) ? mapFile : configurationFile;
  }

  /** Whether anything depends on {@code special_tokens_map.json}. */
  boolean mapDecides() {
    return ROLES.stream().anyMatch(this::decides);
  }

  private boolean decides(String role) {
    return !configuration.has(role) && map.has(role);
  }
}
