package dev.ilora.llm;

import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.llm.DecoderForm.Scales;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a decoder's layers compute, in {@code config.json}, by the conventions of each family. */
final class FormJson {
  private static final String WINDOW = "sliding_window";
  private static final String FULL = "full_attention";
  private static final String ACTIVATIONS = "silu or gelu_pytorch_tanh";
  private static final String SLIDING = "sliding_attention";

  private final JsonFields root;
  private final Family family;
  private final int headWidth;

  FormJson(JsonFields root, Family family, int headWidth) {
    this.root = root;
    this.family = family;
    this.headWidth = headWidth;
  }

  DecoderForm form() {
    refuseUnsupported();
    return new DecoderForm(
        family.norms(),
        family.headNorms(),
        family.zeroCentred(),
        activation(),
        biases(),
        scales(),
        layers());
  }

  private void refuseUnsupported() {
    if (root.flag("mlp_bias", false)) {
      throw root.unsupported("mlp_bias", "true", "false");
    }
    if (root.has("quantization_config")) {
      throw root.unsupported("quantization_config", "present", "a model that is not quantised");
    }
    for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
      if (root.has(cap)) {
        throw root.unsupported(cap, root.get(cap), "null");
      }
    }
    if (root.flag("use_bidirectional_attention", false)) {
      throw root.unsupported("use_bidirectional_attention", "true", "false");
    }
  }

  private Activation activation() {
    boolean gemma = family == Family.GEMMA3;
    String key = gemma ? "hidden_activation" : "hidden_act";
    Activation usual = gemma ? Activation.GELU_TANH : Activation.SILU;
    if (root.get(key).isNull()) {
      throw root.unsupported(key, "null", ACTIVATIONS);
    }
    String name = root.text(key, usual.published());
    for (Activation activation : Activation.values()) {
      if (activation.published().equals(name)) {
        return activation;
      }
    }
    throw root.unsupported(key, name, ACTIVATIONS);
  }

  private Biases biases() {
    boolean stated = root.flag("attention_bias", family == Family.QWEN2);
    if (!stated || family == Family.PHI3) {
      return Biases.NONE;
    }
    return family == Family.QWEN2 ? Biases.INPUTS : Biases.ALL;
  }

  private Scales scales() {
    Scales usual = Scales.usual(headWidth);
    return switch (family) {
      case GEMMA3 -> {
        double scalar = root.number("query_pre_attn_scalar", 256);
        if (!(scalar > 0)) {
          throw root.refused("query_pre_attn_scalar: expected above 0, got " + scalar);
        }
        yield new Scales(Math.sqrt(root.whole("hidden_size")), 1 / Math.sqrt(scalar), 1, 1);
      }
      case GRANITE ->
          new Scales(
              root.number("embedding_multiplier", 1),
              root.number("attention_multiplier", 1),
              root.number("residual_multiplier", 1),
              root.number("logits_scaling", 1));
      case LLAMA, MISTRAL, QWEN2, QWEN3, SMOLLM3, PHI3, OLMO2 -> usual;
    };
  }

  private List<Sight> layers() {
    int layers = root.whole("num_hidden_layers");
    LlamaConfig.requireLayers(layers);
    RopeJson ropes = new RopeJson(root, family, headWidth);
    Rope global = ropes.global();
    Rope local = ropes.local();
    List<Boolean> turned = turned(layers);
    List<Boolean> windowed = windowed(layers, turned);
    int window = windowed.contains(true) ? window() : Sight.ALL;
    List<Sight> sights = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      boolean near = windowed.get(layer);
      Rope rope = turned.get(layer) ? (near ? local : global) : Rope.none();
      sights.add(new Sight(near ? window : Sight.ALL, rope));
    }
    return sights;
  }

  /** Which layers know positions. */
  private List<Boolean> turned(int layers) {
    List<Integer> stated = family == Family.SMOLLM3 ? root.wholes("no_rope_layers") : List.of();
    if (!stated.isEmpty()) {
      requireEach("no_rope_layers", stated, layers);
    }
    int interval = family == Family.SMOLLM3 ? root.whole("no_rope_layer_interval", 4) : 0;
    List<Boolean> turned = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      // The name says the opposite: 1 is a layer with positions.
      boolean usual = interval < 1 || (layer + 1) % interval != 0;
      turned.add(stated.isEmpty() ? usual : stated.get(layer) != 0);
    }
    return turned;
  }

  private void requireEach(String key, List<?> values, int layers) {
    if (values.size() != layers) {
      throw root.refused(
          "%s: expected one value for each of the %s layers, got %s"
              .formatted(key, layers, values.size()));
    }
  }

  /** Which layers have a window; {@code layer_types} decides where it is there. */
  private List<Boolean> windowed(int layers, List<Boolean> turned) {
    List<String> types = root.texts("layer_types");
    if (types.isEmpty()) {
      List<Boolean> windowed = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        windowed.add(isWindowed(layer, turned.get(layer)));
      }
      return windowed;
    }
    requireEach("layer_types", types, layers);
    for (String type : types) {
      if (!type.equals(FULL) && !(type.equals(SLIDING) && knowsWindows())) {
        String expected = knowsWindows() ? FULL + " or " + SLIDING : FULL;
        throw root.unsupported("layer_types", type, expected);
      }
    }
    return types.stream().map(SLIDING::equals).toList();
  }

  private boolean knowsWindows() {
    return switch (family) {
      case MISTRAL, QWEN2, QWEN3, GEMMA3, SMOLLM3, PHI3 -> true;
      case LLAMA, OLMO2, GRANITE -> false;
    };
  }

  private boolean isWindowed(int layer, boolean turned) {
    boolean used = root.flag("use_sliding_window", false);
    if (used && !knowsWindows()) {
      throw root.unsupported("use_sliding_window", "true", "false");
    }
    return switch (family) {
      case LLAMA, OLMO2, GRANITE -> false;
      case MISTRAL, PHI3 -> root.has(WINDOW);
      case QWEN2, QWEN3 ->
          used && !root.get(WINDOW).isNull() && layer >= root.whole("max_window_layers", 28);
      case SMOLLM3 -> used && !turned && root.has(WINDOW);
      case GEMMA3 -> (layer + 1) % pattern() != 0;
    };
  }

  private int pattern() {
    String key = root.has("sliding_window_pattern") ? "" : "_";
    int pattern = root.whole(key + "sliding_window_pattern", 6);
    if (pattern < 1) {
      throw root.refused(key + "sliding_window_pattern: expected at least 1, got " + pattern);
    }
    return pattern;
  }

  private int window() {
    return switch (family) {
      case QWEN2, QWEN3, GEMMA3 -> root.whole(WINDOW, 4096);
      case LLAMA, MISTRAL, SMOLLM3, PHI3, OLMO2, GRANITE -> root.whole(WINDOW);
    };
  }

  static void write(LlamaConfig config, ObjectNode root) {
    DecoderForm form = config.form();
    boolean gemma = config.family() == Family.GEMMA3;
    root.put(gemma ? "hidden_activation" : "hidden_act", form.activation().published());
    if (config.family() != Family.QWEN2) {
      root.put("attention_bias", form.biases() == Biases.ALL);
    }
    writeScales(config, root);
    writeLayers(config, root);
    RopeJson.write(config, root);
  }

  private static void writeScales(LlamaConfig config, ObjectNode root) {
    Scales scales = config.form().scales();
    switch (config.family()) {
      case GEMMA3 -> root.put("query_pre_attn_scalar", whole(Math.pow(scales.scores(), -2)));
      case GRANITE ->
          root.put("embedding_multiplier", scales.embeddings())
              .put("attention_multiplier", scales.scores())
              .put("residual_multiplier", scales.branches())
              .put("logits_scaling", scales.logitsDivisor());
      case LLAMA, MISTRAL, QWEN2, QWEN3, SMOLLM3, PHI3, OLMO2 -> {}
    }
  }

  /** The whole number that a value was before it was rounded. */
  private static double whole(double value) {
    double near = Math.rint(value);
    return Math.abs(value - near) < 1e-9 * near ? near : value;
  }

  private static void writeLayers(LlamaConfig config, ObjectNode root) {
    List<Sight> layers = config.form().layers();
    var window = layers.stream().mapToInt(Sight::window).filter(w -> w != Sight.ALL).findFirst();
    if (window.isPresent()) {
      root.put(WINDOW, window.getAsInt());
      ArrayNode types = root.putArray("layer_types");
      layers.forEach(sight -> types.add(sight.window() == Sight.ALL ? FULL : SLIDING));
    } else {
      root.putNull(WINDOW);
    }
    if (config.family() != Family.MISTRAL && config.family() != Family.PHI3) {
      root.put("use_sliding_window", window.isPresent());
    }
    if (config.family() == Family.SMOLLM3) {
      ArrayNode turned = root.putArray("no_rope_layers");
      layers.forEach(sight -> turned.add(sight.rope().width() == 0 ? 0 : 1));
    }
  }
}
