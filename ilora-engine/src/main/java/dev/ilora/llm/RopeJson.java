package dev.ilora.llm;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rotary positions in {@code config.json}. Older files have {@code rope_theta} and {@code
 * rope_scaling}, newer ones both in {@code rope_parameters}, by the kind of layer where kinds
 * differ.
 */
final class RopeJson {
  private static final String THETA = "rope_theta";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final String PARTIAL = "partial_rotary_factor";
  private static final String KINDS = "default, linear, dynamic, llama3, yarn or longrope";
  private static final String LOCAL_THETA = "rope_local_base_freq";
  private static final String OLDER = "rope_scaling";
  private static final String NEWER = "rope_parameters";
  private static final String CONTEXT = "max_position_embeddings";
  private static final String AMPLITUDE = "attention_factor";
  private static final Set<String> OLD_LONG_ROPE = Set.of("su", "yarn");

  private final JsonFields root;
  private final Family family;
  private final int headWidth;

  RopeJson(JsonFields root, Family family, int headWidth) {
    this.root = root;
    this.family = family;
    this.headWidth = headWidth;
  }

  /** Of the layers that see everything, or of all where kinds do not differ. */
  Rope global() {
    return agreed(
        stated -> rope(isByKind(stated) ? stated.object("full_attention") : stated, THETA));
  }

  /** Of the layers with a window. */
  Rope local() {
    if (family != Family.GEMMA3) {
      return global();
    }
    JsonFields none = new JsonFields(root.file(), MissingNode.getInstance());
    return agreed(
        stated -> rope(isByKind(stated) ? stated.object("sliding_attention") : none, LOCAL_THETA));
  }

  private boolean isByKind(JsonFields stated) {
    return family == Family.GEMMA3
        && (stated.has("full_attention") || stated.has("sliding_attention"));
  }

  /** What {@code rope_scaling} says, or {@code rope_parameters}, or both in agreement. */
  private Rope agreed(Function<JsonFields, Rope> reading) {
    JsonFields older = root.object(OLDER);
    JsonFields newer = root.object(NEWER);
    if (older.node().isEmpty()) {
      return reading.apply(newer);
    }
    Rope rope = reading.apply(older);
    if (!newer.node().isEmpty() && !reading.apply(newer).equals(rope)) {
      throw root.refused(
          "%s is %s, but %s is %s: expected one of them, or the same in both"
              .formatted(OLDER, older.node(), NEWER, newer.node()));
    }
    return rope;
  }

  private Rope rope(JsonFields stated, String outerTheta) {
    double inner = stated.number(THETA, usualTheta(outerTheta));
    double theta = root.number(outerTheta, inner);
    if (stated.has(THETA) && inner != theta) {
      throw root.refused(
          "%s is %s, and %s in rope_parameters: expected one of them"
              .formatted(outerTheta, theta, inner));
    }
    return new Rope(width(stated), theta, scaling(stated));
  }

  private double usualTheta(String outerTheta) {
    return switch (family) {
      case GEMMA3 -> outerTheta.equals(THETA) ? 1e6 : 1e4;
      case SMOLLM3 -> 2e6;
      case LLAMA, MISTRAL, QWEN2, QWEN3, PHI3, OLMO2, GRANITE -> 1e4;
    };
  }

  private int width(JsonFields stated) {
    double part = stated.number(PARTIAL, root.number(PARTIAL, 1));
    if (part != 1 && family != Family.PHI3) {
      throw root.unsupported(PARTIAL, part, "1");
    }
    if (!(part > 0 && part <= 1)) {
      throw root.refused(PARTIAL + ": expected above 0 and at most 1, got " + part);
    }
    return (int) (headWidth * part);
  }

  /** The kind of scaling; a scaling without its kind could be any. */
  private String type(JsonFields stated) {
    JsonNode node = stated.node();
    JsonNode type = stated.has("rope_type") ? node.path("rope_type") : node.path("type");
    boolean differ = stated.has("type") && !type.equals(node.path("type"));
    boolean missing =
        !type.isString()
            && node.propertyNames().stream()
                .anyMatch(key -> stated.has(key) && !key.equals(THETA) && !key.equals(PARTIAL));
    if (differ || missing || !type.isString() && stated.has("rope_type")) {
      throw root.refused(
          "%s says how positions are scaled, but not by which rule: add \"rope_type\": one of %s"
              .formatted(node, KINDS));
    }
    String name = type.isString() ? type.asString() : "default";
    return family == Family.PHI3 && OLD_LONG_ROPE.contains(name) ? "longrope" : name;
  }

  private RopeScaling scaling(JsonFields stated) {
    if (!stated.node().isObject()) {
      return new RopeScaling.None();
    }
    String type = type(stated);
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(needed(stated, "factor"));
      case "dynamic" -> dynamic(stated);
      case "llama3" ->
          new RopeScaling.Llama3(
              needed(stated, "factor"),
              needed(stated, "low_freq_factor"),
              needed(stated, "high_freq_factor"),
              context(stated, needed(stated, ORIGINAL)));
      case "yarn" -> yarn(stated);
      case "longrope" -> longRope(stated);
      default -> throw root.unsupported("rope_type", type, KINDS);
    };
  }

  private RopeScaling dynamic(JsonFields stated) {
    int context = root.whole(CONTEXT);
    if (stated.number(ORIGINAL, context) != context) {
      throw root.unsupported(
          ORIGINAL, stated.get(ORIGINAL), "max_position_embeddings where rope_type is dynamic");
    }
    return new RopeScaling.Dynamic(needed(stated, "factor"), context);
  }

  private RopeScaling yarn(JsonFields stated) {
    double factor = needed(stated, "factor");
    double all = stated.number("mscale_all_dim", 0);
    double some = stated.number("mscale", 0);
    double usual =
        some != 0 && all != 0
            ? RopeScaling.Yarn.amplitude(factor, some) / RopeScaling.Yarn.amplitude(factor, all)
            : RopeScaling.Yarn.amplitude(factor, 1);
    return new RopeScaling.Yarn(
        factor,
        context(stated, stated.number(ORIGINAL, root.whole(CONTEXT))),
        stated.number("beta_fast", 32),
        stated.number("beta_slow", 1),
        stated.flag("truncate", true),
        stated.number(AMPLITUDE, usual));
  }

  /** Where the context before stretching stands at the top as well, that one counts. */
  private RopeScaling longRope(JsonFields stated) {
    JsonFields holder = root.has(ORIGINAL) ? root : stated;
    int original = context(holder, needed(holder, ORIGINAL));
    double factor = stated.number("factor", (double) root.whole(CONTEXT) / original);
    return new RopeScaling.LongRope(
        stated.numbers("short_factor"),
        stated.numbers("long_factor"),
        original,
        stated.number(AMPLITUDE, RopeScaling.LongRope.amplitude(factor, original)));
  }

  private double needed(JsonFields stated, String key) {
    if (!stated.has(key)) {
      throw root.refused("rope_scaling lacks '" + key + "'");
    }
    return stated.number(key, 0);
  }

  private int context(JsonFields holder, double value) {
    if (value != Math.rint(value) || value > LlamaConfig.MOST_POSITIONS) {
      throw root.refused(
          "%s: expected a whole number of at most %s, got %s"
              .formatted(ORIGINAL, LlamaConfig.MOST_POSITIONS, holder.get(ORIGINAL)));
    }
    return (int) value;
  }

  /** Writes the older form, which all versions of Hugging Face's library read. */
  static void write(LlamaConfig config, ObjectNode root) {
    Rope global = global(config);
    root.put(THETA, global.theta());
    if (config.family() == Family.GEMMA3) {
      config.form().layers().stream()
          .filter(sight -> sight.window() != Sight.ALL)
          .findFirst()
          .ifPresent(sight -> root.put(LOCAL_THETA, sight.rope().theta()));
    }
    if (config.family() == Family.PHI3) {
      root.put(PARTIAL, part(global.width(), config.headWidth()));
    }
    writeScaling(global.scaling(), root);
  }

  /** A part of a head that is these many elements again once it was rounded down. */
  private static double part(int width, int headWidth) {
    double part = (double) width / headWidth;
    return (int) (headWidth * part) == width ? part : Math.nextUp(part);
  }

  /** Of the first layer that sees everything, or else of the first that knows positions. */
  private static Rope global(LlamaConfig config) {
    List<Sight> known =
        config.form().layers().stream().filter(sight -> sight.rope().width() > 0).toList();
    return known.stream()
        .filter(sight -> sight.window() == Sight.ALL)
        .findFirst()
        .or(() -> known.stream().findFirst())
        .map(Sight::rope)
        .orElse(Rope.none());
  }

  private static void writeScaling(RopeScaling scaling, ObjectNode root) {
    if (scaling instanceof RopeScaling.None) {
      root.putNull("rope_scaling");
      return;
    }
    ObjectNode node = root.putObject("rope_scaling");
    switch (scaling) {
      case RopeScaling.None() -> {}
      case RopeScaling.Linear(double factor) ->
          node.put("rope_type", "linear").put("factor", factor);
      case RopeScaling.Dynamic(double factor, int _) ->
          node.put("rope_type", "dynamic").put("factor", factor);
      case RopeScaling.Llama3(double factor, double low, double high, int context) ->
          node.put("rope_type", "llama3")
              .put("factor", factor)
              .put("low_freq_factor", low)
              .put("high_freq_factor", high)
              .put(ORIGINAL, context);
      case RopeScaling.Yarn yarn ->
          node.put("rope_type", "yarn")
              .put("factor", yarn.factor())
              .put(ORIGINAL, yarn.originalContext())
              .put("beta_fast", yarn.fast())
              .put("beta_slow", yarn.slow())
              .put("truncate", yarn.whole())
              .put(AMPLITUDE, yarn.amplitude());
      case RopeScaling.LongRope rope -> {
        root.put(ORIGINAL, rope.originalContext());
        node.put("rope_type", "longrope").put(AMPLITUDE, rope.amplitude());
        rope.shortFactors().forEach(node.putArray("short_factor")::add);
        rope.longFactors().forEach(node.putArray("long_factor")::add);
      }
    }
  }
}
