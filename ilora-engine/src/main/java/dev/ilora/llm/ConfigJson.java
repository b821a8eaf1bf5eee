package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFile;
import dev.ilora.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@code config.json}; refuses by name what the decoder does not compute. */
final class ConfigJson {
  private static final Set<String> MODEL_TYPES = Set.of("llama", "mistral", "qwen2");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path file;
  private final JsonNode root;

  private ConfigJson(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static LlamaConfig read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file");
    }
    try {
      JsonNode root = JSON.readTree(file);
      if (!root.isObject()) {
        throw new BadInputException(file, "expected a JSON object");
      }
      return new ConfigJson(file, root).config();
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  /** What the content of a config.json says that stands in another file. */
  static LlamaConfig of(Path file, JsonNode content) {
    try {
      return new ConfigJson(file, content).config();
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  private LlamaConfig config() {
    refuseUnsupported();
    String type = root.path("model_type").asString("");
    int hidden = whole("hidden_size");
    int heads = whole("num_attention_heads");
    boolean bias = flag("attention_bias", type.equals("qwen2"));
    if (!present(root, "head_dim") && heads > 0 && hidden % heads != 0) {
      throw new BadInputException(
          file,
          "hidden_size %s is not a multiple of num_attention_heads %s, and there is no head_dim"
              .formatted(hidden, heads));
    }
    return new LlamaConfig(
        type,
        whole("vocab_size"),
        hidden,
        whole("intermediate_size"),
        whole("num_hidden_layers"),
        heads,
        whole("num_key_value_heads", heads),
        whole("head_dim", heads < 1 ? 0 : hidden / heads),
        whole("max_position_embeddings"),
        number(root, "rms_norm_eps", 1e-6),
        theta(),
        scaling(),
        flag("tie_word_embeddings", false),
        bias,
        bias && !type.equals("qwen2"),
        whole("bos_token_id", -1),
        endTokens());
  }

  private void refuseUnsupported() {
    String type = root.path("model_type").asString("");
    if (!MODEL_TYPES.contains(type)) {
      throw unsupported("model_type", type, "llama, mistral or qwen2");
    }
    String activation = root.path("hidden_act").asString("silu");
    if (!activation.equals("silu")) {
      throw unsupported("hidden_act", activation, "silu");
    }
    if (flag("mlp_bias", false)) {
      throw unsupported("mlp_bias", "true", "false");
    }
    if (present(root, "quantization_config")) {
      throw unsupported("quantization_config", "present", "a model that is not quantised");
    }
    boolean window =
        type.equals("mistral")
            ? present(root, "sliding_window")
            : flag("use_sliding_window", false);
    if (window) {
      throw unsupported("sliding_window", root.path("sliding_window").toString(), "none");
    }
    double rotary = number(root, "partial_rotary_factor", 1);
    if (rotary != 1) {
      throw unsupported("partial_rotary_factor", String.valueOf(rotary), "1");
    }
  }

  private BadInputException unsupported(String key, String value, String expected) {
    return new BadInputException(
        file, "%s '%s' is not supported: expected %s".formatted(key, value, expected));
  }

  private static boolean present(JsonNode node, String key) {
    return !node.path(key).isMissingNode() && !node.path(key).isNull();
  }

  private boolean flag(String key, boolean absent) {
    if (!present(root, key)) {
      return absent;
    }
    if (!root.path(key).isBoolean()) {
      throw new BadInputException(file, key + ": expected true or false, got " + root.path(key));
    }
    return root.path(key).asBoolean();
  }

  private int whole(String key) {
    if (!present(root, key)) {
      throw new BadInputException(file, "lacks '" + key + "'");
    }
    return whole(key, 0);
  }

  private int whole(String key, int absent) {
    return present(root, key) ? whole(key, root.path(key)) : absent;
  }

  private int whole(String key, JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw new BadInputException(file, key + ": expected a whole number, got " + value);
    }
    if (!value.canConvertToInt()) {
      throw new BadInputException(
          file, "%s: expected at most %s, got %s".formatted(key, Integer.MAX_VALUE, value));
    }
    return value.asInt();
  }

  private double number(JsonNode node, String key, double absent) {
    if (!present(node, key)) {
      return absent;
    }
    if (!node.path(key).isNumber()) {
      throw new BadInputException(file, key + ": expected a number, got " + node.path(key));
    }
    return node.path(key).asDouble();
  }

  private double needed(JsonNode node, String key) {
    if (!present(node, key)) {
      throw new BadInputException(file, "rope_scaling lacks '" + key + "'");
    }
    return number(node, key, 0);
  }

  /** Older files have rope_theta and rope_scaling, newer ones both in rope_parameters. */
  private JsonNode ropeNode() {
    String key = present(root, "rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (present(root, key) && !root.path(key).isObject()) {
      throw new BadInputException(
          file, "%s: expected an object or null, got %s".formatted(key, root.path(key)));
    }
    return root.path(key);
  }

  private double theta() {
    double inner = number(ropeNode(), "rope_theta", 10000);
    double outer = number(root, "rope_theta", inner);
    if (present(ropeNode(), "rope_theta") && inner != outer) {
      throw new BadInputException(
          file,
          "rope_theta is %s, and %s in rope_parameters: expected one of them"
              .formatted(outer, inner));
    }
    return outer;
  }

  /** The kind of scaling; a scaling without its kind could be any. */
  private String ropeType(JsonNode node) {
    JsonNode type = present(node, "rope_type") ? node.path("rope_type") : node.path("type");
    boolean differ = present(node, "type") && !type.equals(node.path("type"));
    boolean missing = !type.isString() && node.propertyNames().stream().anyMatch(this::scales);
    if (differ || missing || !type.isString() && present(node, "rope_type")) {
      throw new BadInputException(
          file,
          "%s says how positions are scaled, but not by which rule: add \"rope_type\": one of default, linear or llama3"
              .formatted(node));
    }
    return type.isString() ? type.asString() : "default";
  }

  private boolean scales(String key) {
    return !key.equals("rope_theta") && present(ropeNode(), key);
  }

  private RopeScaling scaling() {
    JsonNode node = ropeNode();
    if (!node.isObject()) {
      return new RopeScaling.None();
    }
    String type = ropeType(node);
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(needed(node, "factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              needed(node, "factor"),
              needed(node, "low_freq_factor"),
              needed(node, "high_freq_factor"),
              wholeContext(node));
      default -> throw unsupported("rope_type", type, "default, linear or llama3");
    };
  }

  private int wholeContext(JsonNode node) {
    String key = "original_max_position_embeddings";
    double value = needed(node, key);
    if (value != Math.rint(value) || value > LlamaConfig.MOST_POSITIONS) {
      throw new BadInputException(
          file,
          "%s: expected a whole number of at most %s, got %s"
              .formatted(key, LlamaConfig.MOST_POSITIONS, node.path(key)));
    }
    return (int) value;
  }

  private List<Integer> endTokens() {
    JsonNode node = root.path("eos_token_id");
    if (!node.isArray()) {
      int single = whole("eos_token_id", -1);
      return single < 0 ? List.of() : List.of(single);
    }
    List<Integer> tokens = new ArrayList<>();
    for (JsonNode token : node) {
      tokens.add(whole("eos_token_id", token));
    }
    return tokens;
  }

  static void write(LlamaConfig config, DType dtype, Path file) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(architecture(config.modelType()));
    root.put("model_type", config.modelType());
    root.put("hidden_act", "silu");
    root.put("vocab_size", config.vocabularySize());
    root.put("hidden_size", config.hiddenSize());
    root.put("intermediate_size", config.intermediateSize());
    root.put("num_hidden_layers", config.layers());
    root.put("num_attention_heads", config.heads());
    root.put("num_key_value_heads", config.keyValueHeads());
    root.put("head_dim", config.headWidth());
    root.put("max_position_embeddings", config.maxPositions());
    root.put("rms_norm_eps", config.normEpsilon());
    root.put("rope_theta", config.ropeTheta());
    writeScaling(config.ropeScaling(), root);
    root.put("tie_word_embeddings", config.tiedHead());
    if (!config.modelType().equals("qwen2")) {
      root.put("attention_bias", config.queryBias());
    }
    if (config.beginToken() >= 0) {
      root.put("bos_token_id", config.beginToken());
    }
    if (config.endTokens().size() == 1) {
      root.put("eos_token_id", config.endTokens().getFirst());
    } else if (!config.endTokens().isEmpty()) {
      ArrayNode tokens = root.putArray("eos_token_id");
      config.endTokens().forEach(tokens::add);
    }
    root.put("torch_dtype", dtype == DType.BF16 ? "bfloat16" : "float32");
    WholeFile.write(file, JSON.writeValueAsBytes(root));
  }

  private static String architecture(String modelType) {
    return switch (modelType) {
      case "mistral" -> "MistralForCausalLM";
      case "qwen2" -> "Qwen2ForCausalLM";
      default -> "LlamaForCausalLM";
    };
  }

  private static void writeScaling(RopeScaling scaling, ObjectNode root) {
    switch (scaling) {
      case RopeScaling.None() -> root.putNull("rope_scaling");
      case RopeScaling.Linear(double factor) ->
          root.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
      case RopeScaling.Llama3(double factor, double low, double high, int context) ->
          root.putObject("rope_scaling")
              .put("rope_type", "llama3")
              .put("factor", factor)
              .put("low_freq_factor", low)
              .put("high_freq_factor", high)
              .put("original_max_position_embeddings", context);
    }
  }
}
