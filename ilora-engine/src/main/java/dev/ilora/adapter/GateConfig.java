package dev.ilora.adapter;

import dev.ilora.config.AtLeast;
import dev.ilora.config.Default;
import java.util.Optional;

/**
 * Which gate weighs the experts, as a recipe says it: {@code gate: linear}, or with sizes {@code
 * gate: {kind: top-k, top: 2}}. The sizes that follow from the model are {@link GateSizes}.
 */
public sealed interface GateConfig {
  /** {@code softmax(G z)}, one for all layers (the paper). */
  record Linear() implements GateConfig {}

  /** {@code softmax(G_l z)}, one matrix for each layer. */
  record PerLayer() implements GateConfig {}

  /**
   * Two linear layers with a GELU between them.
   *
   * @param hidden width between the layers
   */
  record Mlp(@Default("128") @AtLeast(1) int hidden) implements GateConfig {
    /** Refuses a width below 1. */
    public Mlp {
      if (hidden < 1) {
        throw new IllegalArgumentException(
            "hidden width of the gate: expected at least 1, got " + hidden);
      }
    }
  }

  /**
   * The linear gate with only the largest weights kept and summing to one.
   *
   * @param top experts kept; where absent half of them, but at least 2 where there are as many,
   *     because the weight of a single one would be constant
   */
  record TopK(@AtLeast(1) Optional<Integer> top) implements GateConfig {}

  /**
   * The top-k gate with normal noise on its logits in training.
   *
   * @param top experts kept; where absent as many as with {@code top-k}
   * @param noise standard deviation of the noise
   */
  record Noisy(@AtLeast(1) Optional<Integer> top, @Default("0.1") @AtLeast(0) double noise)
      implements GateConfig {
    /** Refuses negative and infinite noise. */
    public Noisy {
      if (!(noise >= 0) || Double.isInfinite(noise)) {
        throw new IllegalArgumentException("noise: expected 0 or more, got " + noise);
      }
    }
  }

  /** The one-dimensional residual network that the paper's released code uses. */
  record Residual() implements GateConfig {}

  /**
   * Returns how many of the experts can have a weight above zero for one user.
   *
   * @param experts K
   * @throws IllegalArgumentException if the gate is to keep none, or more than there are
   */
  default int kept(int experts) {
    return switch (this) {
      case Linear _, PerLayer _, Mlp _, Residual _ -> experts;
      case TopK(Optional<Integer> top) -> kept(top, experts);
      case Noisy(Optional<Integer> top, double _) -> kept(top, experts);
    };
  }

  private static int kept(Optional<Integer> top, int experts) {
    int kept = top.orElse(Math.min(experts, Math.max(2, experts / 2)));
    if (kept < 1 || kept > experts) {
      throw new IllegalArgumentException(
          "experts kept: expected 1 to %s, got %s".formatted(experts, kept));
    }
    return kept;
  }
}
