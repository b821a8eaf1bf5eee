package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entries of an {@code adapter_config.json}; what is not understood is refused by its name. */
class PeftJson {
  /** Entries that change nothing where all others are as they must be. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "base_model_name_or_path",
          "revision",
          "auto_mapping",
          "inference_mode",
          "peft_version",
          "megatron_core",
          "qalora_group_size",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config",
          "ensure_weight_tying",
          "runtime_config");

  /** Where it was read, for messages. */
  final Path file;

  /** The object in it. */
  final JsonNode root;

  PeftJson(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * @throws BadInputException if the file is missing or holds no JSON object, or its reader throws
   *     this or an IllegalArgumentException
   */
  static <T> T read(Path file, Function<JsonNode, T> reader) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file");
    }
    try {
      JsonNode root = JsonMapper.shared().readTree(file);
      if (!root.isObject()) {
        throw new BadInputException(file, "expected a JSON object");
      }
      return reader.apply(root);
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + JsonReason.of(e));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  /** Refuses whatever says something and is not read, unless it changes nothing. */
  void refuseAllBut(Set<String> read) {
    for (String name : root.propertyNames()) {
      if (!read.contains(name) && !WITHOUT_EFFECT.contains(name) && !isOff(root.path(name))) {
        throw unsupported(name, root.path(name).toString());
      }
    }
  }

  void refuseOther(String key, String only) {
    JsonNode value = root.path(key);
    if (!isOff(value) && !(value.isString() && value.asString().equals(only))) {
      throw unsupported(key, value.isString() ? value.asString() : value.toString());
    }
  }

  /** Whether an entry says nothing: absent, null, false or empty. */
  static boolean isOff(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || value.isBoolean() && !value.asBoolean()
        || value.isContainer() && value.isEmpty();
  }

  BadInputException unsupported(String key, String value) {
    return new BadInputException(file, "%s %s is not supported".formatted(key, value));
  }

  JsonNode needed(String key) {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw new BadInputException(file, "lacks '" + key + "'");
    }
    return value;
  }

  double decimal(String key) {
    JsonNode value = needed(key);
    if (!value.isNumber()) {
      throw new BadInputException(file, key + ": expected a number, got " + value);
    }
    return value.asDouble();
  }

  int whole(String what, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new BadInputException(file, what + ": expected a whole number, got " + value);
    }
    return value.asInt();
  }
}
