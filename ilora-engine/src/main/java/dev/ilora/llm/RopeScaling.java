package dev.ilora.llm;

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

  private static void require(String what, double value) {
    if (!(value > 0 && value <= MOST)) {
      throw new IllegalArgumentException(
          "%s of rope_scaling: expected above 0 and at most %s, got %s"
              .formatted(what, MOST, value));
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
      if (originalContext < 1) {
        throw new IllegalArgumentException(
            "original_max_position_embeddings: expected at least 1, got " + originalContext);
      }
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
   * Angle per position of each pair of elements of a head.
   *
   * @param headWidth D, even
   * @return D / 2 values, fastest first
   */
  default float[] frequencies(int headWidth, double theta) {
    float[] frequencies = new float[headWidth / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaled(1 / Math.pow(theta, 2.0 * i / headWidth));
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    return switch (this) {
      case None() -> frequency;
      case Linear(double factor) -> frequency / factor;
      case Llama3 llama -> llama.scaled(frequency);
    };
  }
}
