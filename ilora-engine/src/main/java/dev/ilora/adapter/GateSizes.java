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
  /** Refuses sizes below 1 and more experts than adapters can have. */
  public GateSizes {
    requireAtLeastOne("guidance width", guidanceWidth);
    requireAtLeastOne("experts", experts);
    requireAtLeastOne("layers of the gate", layers);
    if (experts > AdapterConfig.MAX_EXPERTS) {
      throw new IllegalArgumentException(
          "experts: expected at most %s, got %s".formatted(AdapterConfig.MAX_EXPERTS, experts));
    }
  }

  private static void requireAtLeastOne(String what, int given) {
    if (given < 1) {
      throw new IllegalArgumentException("%s: expected at least 1, got %s".formatted(what, given));
    }
  }

  /** Returns guidance, refused if it is not (B, Z). */
  Tensor requireWidth(Tensor guidance) {
    return guidance.requireShape("guidance of the gate", -1, guidanceWidth);
  }
}
