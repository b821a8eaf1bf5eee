package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes PEFT's {@code adapter_config.json}; refuses by name what is not computed here.
 */
final class PeftConfig extends PeftJson {
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
          "exclude_modules",
          "layers_to_transform",
          "layers_pattern",
          "rank_pattern",
          "alpha_pattern",
          "use_rslora",
          "use_dora",
          "ilora");

  /**
   * First weights that leave the base model's as they are; others, such as PiSSA's, change them.
   */
  private static final Set<String> PLAIN_STARTS = Set.of("gaussian", "eva", "orthogonal");

  private static final String PLAIN = "LORA";

  /** PEFT refuses this type by name; as LORA it would load a mixture with all weights one. */
  private static final String MIXTURE = "ILORA";

  /** Of the section {@code ilora}. */
  private static final int VERSION = 1;

  private PeftConfig(Path file, JsonNode root) {
    super(file, root);
  }

  static void write(Adapters adapters, String baseModel, Path file) {
    AdapterConfig config = adapters.config();
    ObjectNode root = JSON.createObjectNode();
    root.put("peft_type", config.experts() > 1 ? MIXTURE : PLAIN);
    root.put("task_type", "CAUSAL_LM");
    root.put("base_model_name_or_path", baseModel);
    root.put("r", config.totalRank());
    root.set("lora_alpha", number(config.alpha()));
    root.put("lora_dropout", config.dropout());
    ArrayNode targets = root.putArray("target_modules");
    targetNames(adapters).forEach(targets::add);
    // Where they are off PEFT's reader takes their absence for it, as older files have it.
    if (config.form().rankStabilised()) {
      root.put("use_rslora", true);
    }
    if (config.form().decomposed()) {
      root.put("use_dora", true);
    }
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

  /** Short names, or whole paths where not every layer has all of them. */
  private static List<String> targetNames(Adapters adapters) {
    if (adapters.isWhole()) {
      return adapters.config().targets().stream().map(Projection::shortName).toList();
    }
    List<String> paths = new ArrayList<>();
    for (int layer = 0; layer < adapters.shape().layers(); layer++) {
      for (Projection target : adapters.adaptedIn(layer)) {
        paths.add(new LoraModule(layer, LoraModule.Kind.valueOf(target.name())).path());
      }
    }
    return paths;
  }

  /** PEFT's own files have whole alphas; its reader takes both. */
  private static JsonNode number(double value) {
    return value == Math.rint(value)
        ? JSON.getNodeFactory().numberNode((int) value)
        : JSON.getNodeFactory().numberNode(value);
  }

  static LoraConfig read(Path file) {
    return PeftJson.read(file, root -> new PeftConfig(file, root).config());
  }

  private LoraConfig config() {
    refuseUnsupported();
    double dropout = root.hasNonNull("lora_dropout") ? decimal("lora_dropout") : 0;
    LoraForm form = new LoraForm(flag("use_rslora"), flag("use_dora"));
    PeftTargets targets = targets();
    AdapterConfig declared =
        new AdapterConfig(targets.projections(), ranks(), decimal("lora_alpha"), dropout, form);
    PeftPattern ranks = numbers("rank_pattern", declared.totalRank(), AdapterConfig.MAX_RANK);
    PeftPattern alphas = numbers("alpha_pattern", declared.alpha(), AdapterConfig.MAX_ALPHA);
    return new LoraConfig(declared, targets, ranks, alphas);
  }

  private void refuseUnsupported() {
    String type = needed("peft_type").asString("");
    boolean mixture = type.equals(MIXTURE) && root.has("ilora");
    boolean plain = type.equals(PLAIN) && !root.has("ilora");
    if (!mixture && !plain) {
      throw unsupported("peft_type", type + (root.has("ilora") ? " with a section ilora" : ""));
    }
    if (mixture) {
      // Which expert a rank of its own would belong to, nothing says.
      for (String key : List.of("rank_pattern", "alpha_pattern")) {
        if (!isOff(root.path(key))) {
          throw unsupported(key, root.path(key) + " of a mixture");
        }
      }
    }
    refuseOther("bias", "none");
    refuseOther("task_type", "CAUSAL_LM");
    JsonNode start = root.path("init_lora_weights");
    if (!isOff(start)
        && !start.isBoolean()
        && !(start.isString() && PLAIN_STARTS.contains(start.asString()))) {
      throw unsupported("init_lora_weights", start.toString());
    }
    refuseAllBut(READ);
  }

  private PeftTargets targets() {
    PeftTargets targets =
        new PeftTargets(
            names("target_modules"),
            isOff(root.path("exclude_modules"))
                ? Optional.empty()
                : Optional.of(names("exclude_modules")),
            layers(),
            texts("layers_pattern").stream()
                .map(name -> pattern("layers_pattern", ".*\\." + name + "\\.(\\d+)\\."))
                .toList());
    if (targets.targets() instanceof PeftTargets.Names.Listed(List<String> names)) {
      names.forEach(PeftConfig::requireKnown);
    }
    return targets;
  }

  /** A list's names, or a regular expression. */
  private PeftTargets.Names names(String key) {
    JsonNode value = needed(key);
    if (value.isString()) {
      // PEFT writes the names of "all-linear", never the word: here it would be a pattern.
      if (value.asString().equals("all-linear")) {
        throw new BadInputException(
            file, key + ": expected a list of names or a regular expression, got " + value);
      }
      return new PeftTargets.Names.Matching(pattern(key, value.asString()));
    }
    return new PeftTargets.Names.Listed(texts(key));
  }

  /** The texts of a list; of a text by itself that one; of what says nothing none. */
  private List<String> texts(String key) {
    JsonNode value = root.path(key);
    if (isOff(value)) {
      return List.of();
    }
    if (value.isString()) {
      return List.of(value.asString());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value) {
      if (text.isString()) {
        texts.add(text.asString());
      }
    }
    if (!value.isArray() || texts.size() < value.size()) {
      throw new BadInputException(file, key + ": expected a list of names, got " + value);
    }
    return texts;
  }

  private Pattern pattern(String key, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new BadInputException(
          file, "%s: '%s' is no regular expression: %s".formatted(key, text, e.getDescription()));
    }
  }

  private static void requireKnown(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (LoraModule.Kind.named(last).isEmpty()) {
      Projection.named(name);
    }
  }

  private Set<Integer> layers() {
    JsonNode value = root.path("layers_to_transform");
    Set<Integer> layers = new TreeSet<>();
    if (value.isNumber()) {
      layers.add(whole("layers_to_transform", value));
    } else if (!isOff(value) && !value.isArray()) {
      throw new BadInputException(
          file, "layers_to_transform: expected layers counted from 0, got " + value);
    }
    if (value.isArray()) {
      value.forEach(layer -> layers.add(whole("layers_to_transform", layer)));
    }
    return layers;
  }

  private PeftPattern numbers(String key, double otherwise, double most) {
    JsonNode value = root.path(key);
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (!isOff(value) && !value.isObject()) {
      throw new BadInputException(file, key + ": expected a number for each pattern, got " + value);
    }
    for (var entry : value.properties()) {
      pattern(key, entry.getKey());
      JsonNode number = entry.getValue();
      if (!number.isNumber() || !(number.asDouble() > 0 && number.asDouble() <= most)) {
        throw new BadInputException(
            file,
            "%s of '%s': expected a positive number of at most %s, got %s"
                .formatted(key, entry.getKey(), most, number));
      }
      if (key.equals("rank_pattern")) {
        whole("rank_pattern of '" + entry.getKey() + "'", number);
      }
      numbers.put(entry.getKey(), number.asDouble());
    }
    return new PeftPattern(numbers, otherwise);
  }

  private boolean flag(String key) {
    JsonNode value = root.path(key);
    if (!isOff(value) && !value.isBoolean()) {
      throw new BadInputException(file, key + ": expected true or false, got " + value);
    }
    return value.isBoolean() && value.asBoolean();
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
}
