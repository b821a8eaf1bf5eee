package dev.ilora.adapter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which gate weighs the experts, and its sizes.
 *
 * @param kind the form of the gate
 * @param guidanceWidth width of the vector the gate reads, Z
 * @param experts K
 * @param layers decoder layers of the base model, L; matters to {@link Kind#PER_LAYER} alone
 * @param hidden hidden width of {@link Kind#MLP}
 * @param top experts kept by {@link Kind#TOP_K} and {@link Kind#NOISY}, 1 to K
 * @param noise deviation of the noise {@link Kind#NOISY} adds to its logits in training
 */
public record GateConfig(
    Kind kind, int guidanceWidth, int experts, int layers, int hidden, int top, double noise) {

  /** The forms a gate can have. */
  public enum Kind {
    /** Weight one for the only expert: plain LoRA. */
    NONE,
    /** {@code softmax(G z)}, one for all layers (the paper). */
    LINEAR,
    /** {@code softmax(G_l z)}, one matrix for each layer. */
    PER_LAYER,
    /** Two linear layers with a GELU between. */
    MLP,
    /** The linear gate with only the largest weights kept and summing to one. */
    TOP_K,
    /** The top-k gate with normal noise on its logits in training. */
    NOISY,
    /** The one-dimensional residual network that the paper's released code uses. */
    RESIDUAL
  }

  public GateConfig {
    requireAtLeast("guidance width", 1, guidanceWidth);
    requireAtLeast("layers of the gate", 1, layers);
    requireAtLeast("hidden width of the gate", 1, hidden);
    requireAtLeast("experts", 1, experts);
    if (experts > AdapterConfig.MAX_EXPERTS) {
      throw new IllegalArgumentException(
          "experts: expected at most %d, got %d".formatted(AdapterConfig.MAX_EXPERTS, experts));
    }
    if (kind == Kind.NONE && experts != 1) {
      throw new IllegalArgumentException(
          "a gate of kind NONE serves 1 expert, not " + experts + ": choose LINEAR");
    }
    if (top < 1 || top > experts) {
      throw new IllegalArgumentException(
          "experts kept: expected 1 to %d, got %d".formatted(experts, top));
    }
    if (!(noise >= 0) || Double.isInfinite(noise)) {
      throw new IllegalArgumentException("noise: expected 0 or more, got " + noise);
    }
  }

  private static void requireAtLeast(String what, int least, int given) {
    if (given < least) {
      throw new IllegalArgumentException(
          "%s: expected at least %d, got %d".formatted(what, least, given));
    }
  }

  /**
   * A gate with the released code's other sizes: 128 hidden, noise 0.1, half of the experts kept,
   * but not one alone, whose weight would be constant.
   */
  public static GateConfig of(Kind kind, int guidanceWidth, int experts, int layers) {
    int top = Math.min(experts, Math.max(2, experts / 2));
    return new GateConfig(kind, guidanceWidth, experts, layers, 128, top, 0.1);
  }

  /** Plain LoRA's: no gate. */
  public static GateConfig none() {
    return new GateConfig(Kind.NONE, 1, 1, 1, 1, 1, 0);
  }

  Map<String, String> toMetadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("gate", kind.name().toLowerCase(java.util.Locale.ROOT));
    metadata.put("guidance_width", String.valueOf(guidanceWidth));
    metadata.put("experts", String.valueOf(experts));
    metadata.put("layers", String.valueOf(layers));
    metadata.put("hidden", String.valueOf(hidden));
    metadata.put("top", String.valueOf(top));
    metadata.put("noise", String.valueOf(noise));
    return metadata;
  }

  /**
   * @throws IllegalArgumentException if an entry is missing or not what it should be, naming it
   */
  static GateConfig fromMetadata(Map<String, String> metadata) {
    return new GateConfig(
        kind(metadata),
        number(metadata, "guidance_width"),
        number(metadata, "experts"),
        number(metadata, "layers"),
        number(metadata, "hidden"),
        number(metadata, "top"),
        decimal(metadata, "noise"));
  }

  private static Kind kind(Map<String, String> metadata) {
    String name = entry(metadata, "gate");
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("metadata 'gate': unknown kind '" + name + "'");
  }

  private static String entry(Map<String, String> metadata, String name) {
    String value = metadata.get(name);
    if (value == null) {
      throw new IllegalArgumentException("metadata lacks '" + name + "'");
    }
    return value;
  }

  private static int number(Map<String, String> metadata, String name) {
    String value = entry(metadata, name);
    if (!value.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "metadata '%s': expected a whole number, got '%s'".formatted(name, value));
    }
    return Integer.parseInt(value);
  }

  private static double decimal(Map<String, String> metadata, String name) {
    String value = entry(metadata, name);
    if (!value.matches("\\d+(\\.\\d+)?([eE]-?\\d+)?")) {
      throw new IllegalArgumentException(
          "metadata '%s': expected a number, got '%s'".formatted(name, value));
    }
    return Double.parseDouble(value);
  }
}
