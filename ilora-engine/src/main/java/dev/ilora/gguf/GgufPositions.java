package dev.ilora.gguf;

import dev.ilora.BadInputException;
import dev.ilora.tensor.Scope;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a file says of positions and windows, as the fields of a config.json. */
final class GgufPositions {
  /** Tensors that are no weights. */
  static final Set<String> TENSORS =
      Set.of(RotaryFactors.TENSOR, RotaryFactors.LONG, RotaryFactors.SHORT);

  private static final String SCALING = "rope_scaling";

  private final GgufFile file;
  private final Metadata metadata;
  private final GgufArchitecture architecture;
  private final ObjectNode json;

  GgufPositions(GgufFile file, GgufArchitecture architecture, ObjectNode json) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = architecture;
    this.json = json;
  }

  /**
   * Adds the fields.
   *
   * @param headWidth D
   * @throws BadInputException if the file asks for what has no field, naming it
   */
  void put(int headWidth) {
    double theta = number("rope.freq_base", 10000);
    json.put("rope_theta", theta);
    turnedPart(headWidth);
    scaling(theta, headWidth);
    windows();
    if (architecture == GgufArchitecture.SMOLLM3) {
      json.put("no_rope_layer_interval", GgufArchitecture.NO_ROPE_INTERVAL);
    }
  }

  private String key(String name) {
    return architecture.key(name);
  }

  private double number(String name, double usual) {
    return metadata.number(key(name)).orElse(usual);
  }

  private double needed(String name) {
    return metadata.number(key(name)).orElseThrow(() -> metadata.lacks(key(name)));
  }

  private void turnedPart(int headWidth) {
    int turned = metadata.whole(key("rope.dimension_count")).orElse(headWidth);
    if (turned == headWidth) {
      return;
    }
    if (architecture != GgufArchitecture.PHI3) {
      throw metadata.unexpected(
          key("rope.dimension_count"), headWidth + ", the width of a head", turned);
    }
    if (turned < 1 || turned > headWidth) {
      throw metadata.unexpected(key("rope.dimension_count"), "1 to " + headWidth, turned);
    }
    // The next number above, so that the product with the width is not rounded below the count.
    json.put("partial_rotary_factor", Math.nextUp((double) turned / headWidth));
  }

  private void scaling(double theta, int headWidth) {
    String key = key("rope.scaling.type");
    String type = metadata.text(key).orElse("none");
    boolean longRope =
        file.names().contains(RotaryFactors.LONG) || file.names().contains(RotaryFactors.SHORT);
    if (longRope || type.equals("longrope")) {
      longRope();
    } else if (file.names().contains(RotaryFactors.TENSOR)) {
      json.set(SCALING, RotaryFactors.scaling(file, theta, headWidth));
    } else if (type.equals("linear")) {
      ObjectNode scaling = json.putObject(SCALING);
      scaling.put("rope_type", "linear").put("factor", needed("rope.scaling.factor"));
    } else if (!type.equals("none")) {
      throw metadata.unexpected(key, "none or linear", "'" + type + "', which is not supported");
    }
  }

  private void longRope() {
    if (architecture != GgufArchitecture.PHI3) {
      throw new BadInputException(
          file.path(),
          "long and short factors of positions are only supported where the architecture is '%s'"
              .formatted(GgufArchitecture.PHI3.inFile()));
    }
    String original = key("rope.scaling.original_context_length");
    ObjectNode scaling = JsonMapper.shared().createObjectNode();
    scaling.put("rope_type", "longrope");
    scaling.put("attention_factor", number("rope.scaling.attn_factor", 1));
    factors(RotaryFactors.SHORT, scaling.putArray("short_factor"));
    factors(RotaryFactors.LONG, scaling.putArray("long_factor"));
    json.set(SCALING, scaling);
    json.put(
        "original_max_position_embeddings",
        metadata.whole(original).orElseThrow(() -> metadata.lacks(original)));
  }

  /** The shortest decimals, so that factors are those that a config.json would have. */
  private void factors(String tensor, ArrayNode factors) {
    if (!file.names().contains(tensor)) {
      throw new BadInputException(
          file.path(), "has no tensor '%s', which longrope needs".formatted(tensor));
    }
    try (var _ = Scope.open()) {
      for (float factor : file.load(tensor).toFloats()) {
        factors.add(Double.parseDouble(Float.toString(factor)));
      }
    }
  }

  private void windows() {
    String key = key("attention.sliding_window");
    int window = metadata.whole(key).orElse(0);
    switch (architecture) {
      case GEMMA3 -> {
        json.put("sliding_window_pattern", window > 0 ? pattern() : 1);
        json.put(
            "rope_local_base_freq", number("rope.freq_base_swa", GgufArchitecture.WINDOW_THETA));
        if (window > 0) {
          json.put("sliding_window", window);
        }
      }
      case PHI3 -> {
        if (window > 0) {
          json.put("sliding_window", window);
        }
      }
      // OLMo 3's files say olmo2 too, but some of its layers have a window.
      case OLMO2, SMOLLM3 -> {
        if (window != 0) {
          throw metadata.unexpected(key, "none", window);
        }
      }
      case LLAMA, QWEN2, QWEN3, GRANITE -> {}
    }
  }

  /** Layers whose number, from 1, this divides see everything; in files, 0 is none of them. */
  private int pattern() {
    String key = key("attention.sliding_window_pattern");
    int pattern = metadata.whole(key).orElse(GgufArchitecture.WINDOW_PATTERN);
    if (pattern < 0) {
      throw metadata.unexpected(key, "at least 0", pattern);
    }
    return pattern == 0 ? Integer.MAX_VALUE : pattern;
  }
}
