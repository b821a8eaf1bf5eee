package dev.ilora.llm;

import java.util.List;

/** How a model stretches its rotary positions beyond the context it was first trained on. */
public sealed interface RopeScaling {
  /** Largest factor; none in use comes near. */
  double MOST = 1e6;

  /** Positions as they are. */
  record None() implements RopeScaling {}

  /**
   * All positions divided by a factor.
   *
   * @param factor above 0
   */
  record Linear(double factor) implements RopeScaling {
    /** Checks the bounds. */
    public Linear {
      require("factor", factor);
    }
  }

  /**
   * NTK-aware: sequences beyond the context get a larger base of the angles, by their own length.
   *
   * @param factor at least 1
   * @param context positions that are not stretched
   */
  record Dynamic(double factor, int context) implements RopeScaling {
    /** Checks the bounds. */
    public Dynamic {
      require("factor", factor);
      requireContext("max_position_embeddings", context);
      if (factor < 1) {
        throw new IllegalArgumentException(
            "factor of rope_scaling: expected at least 1, got " + factor);
      }
    }

    private double theta(double theta, int width, int length) {
      double growth = factor * Math.max(length, context) / context - (factor - 1);
      return theta * Math.pow(growth, width / (width - 2.0));
    }
  }

  /**
   * Llama 3's: slow rotations divided by a factor, fast ones kept, those between blended.
   *
   * @param factor divides the slow rotations
   * @param lowFrequencyFactor waves longer than original context / this are slow
   * @param highFrequencyFactor waves shorter than original context / this are fast
   * @param originalContext positions before stretching
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements RopeScaling {
    /** Checks the bounds. */
    public Llama3 {
      require("factor", factor);
      require("low_freq_factor", lowFrequencyFactor);
      require("high_freq_factor", highFrequencyFactor);
      if (highFrequencyFactor <= lowFrequencyFactor) {
        throw new IllegalArgumentException(
            "high_freq_factor of rope_scaling: expected above low_freq_factor %s, got %s"
                .formatted(lowFrequencyFactor, highFrequencyFactor));
      }
      requireContext("original_max_position_embeddings", originalContext);
    }

    private double scaled(double frequency) {
      double wave = 2 * Math.PI / frequency;
      if (wave < originalContext / highFrequencyFactor) {
        return frequency;
      }
      if (wave > originalContext / lowFrequencyFactor) {
        return frequency / factor;
      }
      double share =
          (originalContext / wave - lowFrequencyFactor)
              / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - share) * frequency / factor + share * frequency;
    }
  }

  /**
   * YaRN: as Llama 3's, with a ramp over the pairs of a head instead of their waves; queries and
   * keys are multiplied as well.
   *
   * <p>Source: Peng et al., arXiv:2309.00071.
   *
   * @param factor divides the slow rotations
   * @param originalContext positions before stretching
   * @param fast rotations within the original context from which on pairs are kept
   * @param slow rotations within it down to which pairs are divided
   * @param whole whether the ends of the ramp are whole pairs
   * @param amplitude what queries and keys are multiplied by
   */
  record Yarn(
      double factor, int originalContext, double fast, double slow, boolean whole, double amplitude)
      implements RopeScaling {
    /** Checks the bounds. */
    public Yarn {
      require("factor", factor);
      requireContext("original_max_position_embeddings", originalContext);
      require("beta_fast", fast);
      require("beta_slow", slow);
      require("attention_factor", amplitude);
      if (fast < slow) {
        throw new IllegalArgumentException(
            "beta_fast of rope_scaling: expected at least beta_slow %s, got %s"
                .formatted(slow, fast));
      }
    }

    /** The usual amplitude for a factor and a multiplier of its logarithm. */
    static double amplitude(double factor, double multiplier) {
      return factor <= 1 ? 1 : 0.1 * multiplier * Math.log(factor) + 1;
    }

    private double pairOf(double rotations, int width, double theta) {
      return width * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double scaled(double frequency, int pair, int width, double theta) {
      double first = pairOf(fast, width, theta);
      double last = pairOf(slow, width, theta);
      double from = Math.max(whole ? Math.floor(first) : first, 0);
      double to = Math.min(whole ? Math.ceil(last) : last, width - 1.0);
      double length = from == to ? 0.001 : to - from;
      double divided = Math.clamp((pair - from) / length, 0, 1);
      return frequency / factor * divided + frequency * (1 - divided);
    }
  }

  /**
   * LongRoPE: a divisor for each pair, one list for sequences within the original context and one
   * for longer ones; queries and keys are multiplied as well.
   *
   * <p>Source: Ding et al., arXiv:2402.13753.
   *
   * @param shortFactors one for each pair that is turned
   * @param longFactors as many
   * @param originalContext the longest sequence that the short ones are for
   * @param amplitude what queries and keys are multiplied by
   */
  record LongRope(
      List<Double> shortFactors, List<Double> longFactors, int originalContext, double amplitude)
      implements RopeScaling {
    /** Checks the bounds. */
    public LongRope {
      requireContext("original_max_position_embeddings", originalContext);
      require("attention_factor", amplitude);
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
      shortFactors.forEach(factor -> require("short_factor", factor));
      longFactors.forEach(factor -> require("long_factor", factor));
    }

    /** The usual amplitude of a model whose context was stretched by a factor. */
    static double amplitude(double factor, int originalContext) {
      return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
    }

    private List<Double> factors(int length) {
      return length > originalContext ? longFactors : shortFactors;
    }
  }

  private static void require(String what, double value) {
    if (!(value > 0 && value <= MOST)) {
      throw new IllegalArgumentException(
          "%s of rope_scaling: expected above 0 and at most %s, got %s"
              .formatted(what, MOST, value));
    }
  }

  private static void requireContext(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: expected at least 1, got %s".formatted(what, value));
    }
  }

  /**
   * Checks that the scaling is one for this many turned elements of a head.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  default void requireFit(int width) {
    if (this instanceof LongRope rope) {
      requirePairs("short_factor", rope.shortFactors(), width);
      requirePairs("long_factor", rope.longFactors(), width);
    } else if (this instanceof Dynamic && width <= 2) {
      throw new IllegalArgumentException(
          "rope_scaling dynamic: expected more than 2 rotated elements of a head, got " + width);
    }
  }

  private static void requirePairs(String what, List<Double> factors, int width) {
    if (factors.size() != width / 2) {
      throw new IllegalArgumentException(
          "%s: expected %s values, one for each pair of rotated elements, got %s"
              .formatted(what, width / 2, factors.size()));
    }
  }

  /**
   * Angle per position of each pair of elements.
   *
   * @param width elements that are turned, even
   * @param length of the whole sequence
   * @return width / 2 values, fastest first
   */
  default float[] frequencies(int width, double theta, int length) {
    double base = this instanceof Dynamic rope ? rope.theta(theta, width, length) : theta;
    float[] frequencies = new float[width / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      double frequency = 1 / Math.pow(base, 2.0 * pair / width);
      frequencies[pair] = (float) scaled(frequency, pair, width, theta, length);
    }
    return frequencies;
  }

  private double scaled(double frequency, int pair, int width, double theta, int length) {
    return switch (this) {
      case None _, Dynamic _ -> frequency;
      case Linear(double factor) -> frequency / factor;
      case Llama3 rope -> rope.scaled(frequency);
      case Yarn rope -> rope.scaled(frequency, pair, width, theta);
      case LongRope rope -> frequency / rope.factors(length).get(pair);
    };
  }

  /** What turned elements of queries and keys are multiplied by. */
  default double amplitude() {
    return switch (this) {
      case None _, Linear _, Dynamic _, Llama3 _ -> 1;
      case Yarn rope -> rope.amplitude;
      case LongRope rope -> rope.amplitude;
    };
  }

  /** The shortest length whose sequences are turned by the same angles as those of this length. */
  default int settled(int length) {
    return switch (this) {
      case None _, Linear _, Llama3 _, Yarn _ -> 1;
      case Dynamic rope -> length <= rope.context ? 1 : length;
      case LongRope rope -> length <= rope.originalContext ? 1 : rope.originalContext + 1;
    };
  }

  /** Whether sequences of different lengths may be turned by different angles. */
  default boolean dependsOnLength() {
    return this instanceof Dynamic || this instanceof LongRope;
  }
}
