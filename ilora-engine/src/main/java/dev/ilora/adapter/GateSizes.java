package dev.ilora.adapter;

import dev.ilora.tensor.Tensor;

/**
 * The sizes of a gate that follow from the model it is made for.
 *
 * @param guidanceWidth width of the vector the gate reads, Z
 * @param experts K
 * @param layers decoder layers of the base model, L; matters only to a gate per layer
 */
public record GateSizes(int guidanceWidth, int experts, int layers) {
  private static final int MOST_WIDTH = 1 << 20;

  /** Refuses sizes below 1, and larger ones than any model has. */
  public GateSizes {
    require("guidance width", guidanceWidth, MOST_WIDTH);
    require("experts", experts, AdapterConfig.MAX_EXPERTS);
    require("layers of the gate", layers, DecoderShape.MOST_LAYERS);
  }

  private static void require(String what, int given, int most) {
    if (given < 1 || given > most) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %s, got %s".formatted(what, most, given));
    }
  }

  /** Returns guidance, refused if it is not (B, Z). */
  Tensor requireWidth(Tensor guidance) {
    return guidance.requireShape("guidance of the gate", -1, guidanceWidth);
  }
}
