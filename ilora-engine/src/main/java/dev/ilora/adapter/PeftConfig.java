package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import dev.ilora.files.WholeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes PEFT's {@code adapter_config.json}; refuses by name what is not computed here.
 */
final class PeftConfig {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Entries that are read. */
  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "task_type",
          "bias",
          "init_lora_weights",
          "r",
          "lora_alpha",
          "lora_dropout",
          "target_modules",
          "ilora");

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
          "layers_pattern",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config",
          "ensure_weight_tying",
          "runtime_config");

  /**
   * First weights that leave the base model's as they are; others, such as PiSSA's, change them.
   */
  private static final Set<String> PLAIN_STARTS = Set.of("gaussian", "eva", "orthogonal");

  private static final String PLAIN = "LORA";

  /** PEFT refuses this type by name; as LORA it would load a mixture with all weights one. */
  private static final String MIXTURE = "ILORA";

  /** Of the section {@code ilora}. */
  private static final int VERSION = 1;

  private static final Pattern FULL_PATH =
      Pattern.compile("^model\\.layers\\.\\d+\\.(self_attn|mlp)\\.");

  private final Path file;
  private final JsonNode root;

  private PeftConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static void write(AdapterConfig config, String baseModel, Path file) {
    ObjectNode root = JSON.createObjectNode();
    root.put("peft_type", config.experts() > 1 ? MIXTURE : PLAIN);
    root.put("task_type", "CAUSAL_LM");
    root.put("base_model_name_or_path", baseModel);
    root.put("r", config.totalRank());
    root.set("lora_alpha", number(config.alpha()));
    root.put("lora_dropout", config.dropout());
    ArrayNode targets = root.putArray("target_modules");
    config.targets().forEach(target -> targets.add(target.shortName()));
    root.put("bias", "none");
    root.put("fan_in_fan_out", false);
    root.put("inference_mode", true);
    root.put("init_lora_weights", true);
    root.putNull("layers_to_transform");
    root.putNull("layers_pattern");
    root.putNull("modules_to_save");
    if (config.experts() > 1) {
      ArrayNode ranks = root.putObject("ilora").put("version", VERSION).putArray("ranks");
      config.ranks().forEach(ranks::add);
    }
    WholeFile.write(file, JSON.writeValueAsBytes(root));
  }

  /** PEFT's own files have whole alphas; its reader takes both. */
  private static JsonNode number(double value) {
    return value == Math.rint(value)
        ? JSON.getNodeFactory().numberNode((int) value)
        : JSON.getNodeFactory().numberNode(value);
  }

  static AdapterConfig read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file");
    }
    try {
      JsonNode root = JSON.readTree(file);
      if (!root.isObject()) {
        throw new BadInputException(file, "expected a JSON object");
      }
      return new PeftConfig(file, root).config();
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + JsonReason.of(e));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  private AdapterConfig config() {
    refuseUnsupported();
    double dropout = root.hasNonNull("lora_dropout") ? decimal("lora_dropout") : 0;
    return new AdapterConfig(targets(), ranks(), decimal("lora_alpha"), dropout);
  }

  private void refuseUnsupported() {
    String type = needed("peft_type").asString("");
    boolean mixture = type.equals(MIXTURE) && root.has("ilora");
    boolean plain = type.equals(PLAIN) && !root.has("ilora");
    if (!mixture && !plain) {
      throw unsupported("peft_type", type + (root.has("ilora") ? " with a section ilora" : ""));
    }
    refuseOther("bias", "none");
    refuseOther("task_type", "CAUSAL_LM");
    JsonNode start = root.path("init_lora_weights");
    if (!isOff(start)
        && !start.isBoolean()
        && !(start.isString() && PLAIN_STARTS.contains(start.asString()))) {
      throw unsupported("init_lora_weights", start.toString());
    }
    for (String name : root.propertyNames()) {
      if (!READ.contains(name) && !WITHOUT_EFFECT.contains(name) && !isOff(root.path(name))) {
        throw unsupported(name, root.path(name).toString());
      }
    }
  }

  private void refuseOther(String key, String only) {
    JsonNode value = root.path(key);
    if (!isOff(value) && !(value.isString() && value.asString().equals(only))) {
      throw unsupported(key, value.isString() ? value.asString() : value.toString());
    }
  }

  /** Whether an entry says nothing: absent, null, false or empty. */
  private static boolean isOff(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || value.isBoolean() && !value.asBoolean()
        || value.isContainer() && value.isEmpty();
  }

  private BadInputException unsupported(String key, String value) {
    return new BadInputException(file, "%s %s is not supported".formatted(key, value));
  }

  private JsonNode needed(String key) {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw new BadInputException(file, "lacks '" + key + "'");
    }
    return value;
  }

  private double decimal(String key) {
    JsonNode value = needed(key);
    if (!value.isNumber()) {
      throw new BadInputException(file, key + ": expected a number, got " + value);
    }
    return value.asDouble();
  }

  private Set<Projection> targets() {
    JsonNode names = needed("target_modules");
    if (!names.isArray()) {
      throw new BadInputException(file, "target_modules: expected a list of names, got " + names);
    }
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (JsonNode name : names) {
      // PEFT writes full paths for "all-linear"; a layer left out is then missed among the weights.
      targets.add(
          Projection.named(
              FULL_PATH.matcher(name.isString() ? name.asString() : "").replaceFirst("")));
    }
    return targets;
  }

  private List<Integer> ranks() {
    int total = whole("r", needed("r"));
    JsonNode section = root.path("ilora");
    if (section.isMissingNode()) {
      return List.of(total);
    }
    JsonNode version = section.path("version");
    if (!version.isMissingNode() && whole("ilora.version", version) != VERSION) {
      throw new BadInputException(
          file, "ilora.version: expected %s, got %s".formatted(VERSION, version));
    }
    List<Integer> ranks = new ArrayList<>();
    for (JsonNode rank : section.path("ranks")) {
      ranks.add(whole("ilora.ranks", rank));
    }
    int sum = ranks.stream().mapToInt(Integer::intValue).sum();
    if (sum != total) {
      throw new BadInputException(
          file, "ilora.ranks %s add up to %s, but r is %s".formatted(ranks, sum, total));
    }
    return ranks;
  }

  private int whole(String what, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new BadInputException(file, what + ": expected a whole number, got " + value);
    }
    return value.asInt();
  }
}
