package dev.ilora.nn;

/**
 * The factor that multiplies the learning rate at each optimiser step. A schedule holds no state: a
 * resumed run asks for the same step and gets the same factor.
 */
public sealed interface Schedule {

  /**
   * Returns the factor for a step.
   *
   * @param step number of optimiser steps already done, 0 for the first
   * @throws IllegalArgumentException if the step is negative
   */
  double factor(long step);

  /** Always 1. */
  static Schedule constant() {
    return new Constant();
  }

  /**
   * Linear warm-up, then half a cosine down to a floor: the schedule of LLaRA and iLoRA with {@code
   * warmupFraction} 0.05 and {@code floor} 0.01.
   *
   * @param totalSteps optimiser steps of the whole run, at least 1
   * @param warmupFraction share of the steps spent rising, in [0, 1)
   * @param floor factor at the end, in [0, 1]
   */
  static Schedule warmupCosine(long totalSteps, double warmupFraction, double floor) {
    if (!(warmupFraction >= 0 && warmupFraction < 1)) {
      throw new IllegalArgumentException(
          "warm-up fraction " + warmupFraction + " is outside [0, 1)");
    }
    return new WarmupCosine(Math.round(totalSteps * warmupFraction), totalSteps, floor);
  }

  /** See {@link Schedule#constant()}. */
  record Constant() implements Schedule {
    @Override
    public double factor(long step) {
      requireStep(step);
      return 1;
    }
  }

  /**
   * See {@link Schedule#warmupCosine}. Step s of the W warm-up steps has factor (s + 1) / W; the
   * cosine starts at 1 and reaches the floor after {@code totalSteps}, where it stays.
   *
   * @param warmupSteps W, at least 0 and at most {@code totalSteps}
   * @param totalSteps steps until the floor is reached, at least 1
   * @param floor last factor, in [0, 1]
   */
  record WarmupCosine(long warmupSteps, long totalSteps, double floor) implements Schedule {
    /** Checks the bounds. */
    public WarmupCosine {
      if (totalSteps < 1) {
        throw new IllegalArgumentException("total steps " + totalSteps + " is below 1");
      }
      if (warmupSteps < 0 || warmupSteps > totalSteps) {
        throw new IllegalArgumentException(
            "warm-up steps " + warmupSteps + " are outside 0.." + totalSteps);
      }
      if (!(floor >= 0 && floor <= 1)) {
        throw new IllegalArgumentException("floor " + floor + " is outside [0, 1]");
      }
    }

    @Override
    public double factor(long step) {
      requireStep(step);
      if (step < warmupSteps) {
        return (step + 1) / (double) warmupSteps;
      }
      if (step >= totalSteps) {
        return floor;
      }
      double progress = (step - warmupSteps) / (double) (totalSteps - warmupSteps);
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  }

  private static void requireStep(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step " + step + " is below 0");
    }
  }
}
