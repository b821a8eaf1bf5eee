package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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

  /** Options that change the result where they are on. */
  private static final List<String> UNSUPPORTED_SWITCHES =
      List.of("use_dora", "use_rslora", "use_qalora", "fan_in_fan_out", "lora_bias");

  /** Options that change the result where they are not empty. */
  private static final List<String> UNSUPPORTED_LISTS =
      List.of(
          "modules_to_save",
          "layers_to_transform",
          "rank_pattern",
          "alpha_pattern",
          "target_parameters",
          "trainable_token_indices",
          "exclude_modules");

  private static final String PLAIN = "LORA";

  /** PEFT refuses this type by name; as LORA it would load a mixture with all weights one. */
  private static final String MIXTURE = "ILORA";

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
      ArrayNode ranks = root.putObject("ilora").put("version", 1).putArray("ranks");
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
      return new PeftConfig(file, JSON.readTree(file)).config();
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  private AdapterConfig config() {
    refuseUnsupported();
    double dropout = root.path("lora_dropout").asDouble(0);
    return new AdapterConfig(targets(), ranks(), needed("lora_alpha").asDouble(), dropout);
  }

  private void refuseUnsupported() {
    String type = needed("peft_type").asString();
    boolean mixture = type.equals(MIXTURE) && root.has("ilora");
    boolean plain = type.equals(PLAIN) && !root.has("ilora");
    if (!mixture && !plain) {
      throw unsupported("peft_type", type + (root.has("ilora") ? " with a section ilora" : ""));
    }
    String bias = root.path("bias").asString("none");
    if (!bias.equals("none")) {
      throw unsupported("bias", bias);
    }
    for (String name : UNSUPPORTED_SWITCHES) {
      if (root.path(name).asBoolean(false)) {
        throw unsupported(name, "true");
      }
    }
    for (String name : UNSUPPORTED_LISTS) {
      JsonNode value = root.path(name);
      if (!value.isMissingNode() && !value.isNull() && !(value.isContainer() && value.isEmpty())) {
        throw unsupported(name, value.toString());
      }
    }
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

  private Set<Projection> targets() {
    JsonNode names = needed("target_modules");
    if (!names.isArray()) {
      throw new BadInputException(file, "target_modules: expected a list of names, got " + names);
    }
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (JsonNode name : names) {
      targets.add(Projection.named(name.asString()));
    }
    return targets;
  }

  private List<Integer> ranks() {
    int total = whole("r", needed("r"));
    JsonNode section = root.path("ilora");
    if (section.isMissingNode()) {
      return List.of(total);
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
