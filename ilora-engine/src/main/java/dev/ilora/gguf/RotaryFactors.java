package dev.ilora.gguf;

import dev.ilora.BadInputException;
import dev.ilora.tensor.Scope;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The factors by which Llama 3's files divide their rotary angles. They stand in a tensor, and the
 * settings they were made from stand nowhere.
 *
 * <p>All Llama 3 models have the same settings but for the largest factor, so these are tried, and
 * the tensor has to be what they give.
 */
public final class RotaryFactors {
  /** The tensor's name. */
  public static final String TENSOR = "rope_freqs.weight";

  /** Longrope's factors of sequences longer than the original context. */
  public static final String LONG = "rope_factors_long.weight";

  /** Longrope's factors of the other sequences. */
  public static final String SHORT = "rope_factors_short.weight";

  private static final double SLOW = 1;
  private static final double FAST = 4;

  /** Positions before stretching. */
  private static final int CONTEXT = 8192;

  private static final double TOLERANCE = 1e-4;

  private RotaryFactors() {}

  /** What {@code rope_scaling} says in a config.json. */
  static ObjectNode scaling(GgufFile file, double theta, int headWidth) {
    float[] stored;
    try (var _ = Scope.open()) {
      stored = file.load(TENSOR).toFloats();
    }
    double most = 1;
    for (float factor : stored) {
      most = Math.max(most, factor);
    }
    float[] expected = of(theta, headWidth, most);
    boolean known = stored.length == expected.length;
    for (int i = 0; known && i < stored.length; i++) {
      known = Math.abs(stored[i] - expected[i]) <= TOLERANCE * expected[i];
    }
    if (!known) {
      throw new BadInputException(
          file.path(),
          "tensor '%s': expected the factors of Llama 3 for heads %s wide"
              .formatted(TENSOR, headWidth));
    }
    return JsonMapper.shared()
        .createObjectNode()
        .put("rope_type", "llama3")
        .put("factor", most)
        .put("low_freq_factor", SLOW)
        .put("high_freq_factor", FAST)
        .put("original_max_position_embeddings", CONTEXT);
  }

  /** Whether these settings are those that all Llama 3 models have. */
  public static boolean canSay(double lowFactor, double highFactor, int originalContext) {
    return lowFactor == SLOW && highFactor == FAST && originalContext == CONTEXT;
  }

  /**
   * The factors of all pairs of elements of a head.
   *
   * @param most the factor of slow pairs
   */
  public static float[] of(double theta, int headWidth, double most) {
    float[] factors = new float[headWidth / 2];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) factor(Math.pow(theta, 2.0 * i / headWidth), most);
    }
    return factors;
  }

  /**
   * The factor of one pair of elements.
   *
   * @param slowness positions per radian
   * @param most the factor of slow pairs
   */
  private static double factor(double slowness, double most) {
    double turns = CONTEXT / (2 * Math.PI * slowness);
    double share = Math.clamp((turns - SLOW) / (FAST - SLOW), 0, 1);
    return 1 / ((1 - share) / most + share);
  }
}
