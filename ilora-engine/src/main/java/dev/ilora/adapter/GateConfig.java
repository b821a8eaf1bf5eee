package dev.ilora.adapter;

import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Default;
import java.util.Optional;

/**
 * Which gate weighs the experts, as a recipe says it: {@code gate: linear}, or with sizes {@code
 * gate: {kind: top-k, top: 2}}. The sizes that follow from the model are {@link GateSizes}.
 */
public sealed interface GateConfig {
  /** A wider gate is refused: it would have more weights than what it weighs. */
  int MAX_HIDDEN = 65_536;

  /** More noise is refused: nothing would be left of the logits. */
  double MAX_NOISE = 100;

  /** {@code softmax(G z)}, one for all layers (the paper). */
  record Linear() implements GateConfig {}

  /** {@code softmax(G_l z)}, one matrix for each layer. */
  record PerLayer() implements GateConfig {}

  /**
   * Two linear layers with a GELU between them.
   *
   * @param hidden width between the layers
   */
  record Mlp(@Default("128") @AtLeast(1) @AtMost(MAX_HIDDEN) int hidden) implements GateConfig {
    /** Checks the bounds. */
    public Mlp {
      if (hidden < 1 || hidden > MAX_HIDDEN) {
        throw new IllegalArgumentException(
            "hidden width of the gate: expected 1 to %s, got %s".formatted(MAX_HIDDEN, hidden));
      }
    }
  }

  /**
   * The linear gate with only the largest weights kept and summing to one.
   *
   * @param top experts kept; where absent half of them, but at least 2 where there are as many,
   *     because the weight of a single one would be constant
   */
  record TopK(@AtLeast(1) @AtMost(AdapterConfig.MAX_EXPERTS) Optional<Integer> top)
      implements GateConfig {}

  /**
   * The top-k gate with normal noise on its logits in training.
   *
   * @param top experts kept; where absent as many as with {@code top-k}
   * @param noise standard deviation of the noise
   */
  record Noisy(
      @AtLeast(1) @AtMost(AdapterConfig.MAX_EXPERTS) Optional<Integer> top,
      @Default("0.1") @AtLeast(0) @AtMost(MAX_NOISE) double noise)
      implements GateConfig {
    /** Checks the bounds. */
    public Noisy {
      if (!(noise >= 0 && noise <= MAX_NOISE)) {
        throw new IllegalArgumentException(
            "noise: expected 0 to %s, got %s".formatted(MAX_NOISE, noise));
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
