package dev.ilora.train;

import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Below;
import dev.ilora.config.Default;

/**
 * How a task is optimised.
 *
 * @param steps optimiser steps
 * @param learningRate the peak, before the groups' factors
 * @param warmUp share of the steps in which the rate rises linearly from 0
 * @param floor share of the peak the cosine ends at
 * @param clip largest norm of all gradients together; infinite to leave them as they are
 * @param checkpointSeconds time between checkpoints; one is also written at the end and on Ctrl-C
 */
public record TrainerConfig(
    @AtLeast(1) @AtMost(MOST_STEPS) long steps,
    @Above(0) @AtMost(MOST_RATE) double learningRate,
    @Default("0.05") @AtLeast(0) @Below(1) double warmUp,
    @Default("0.01") @AtLeast(0) @AtMost(1) double floor,
    @Default("1.0") @Above(0) double clip,
    @Default("60") @AtLeast(1) @AtMost(1_000_000) int checkpointSeconds) {
  /** Most optimiser steps. */
  public static final int MOST_STEPS = 1_000_000_000;

  /** Highest learning rate. */
  public static final double MOST_RATE = 10;

  /** The same with another number of steps. */
  public TrainerConfig withSteps(long other) {
    return new TrainerConfig(other, learningRate, warmUp, floor, clip, checkpointSeconds);
  }

  /** The reference's schedule: warm-up 5 %, cosine to a hundredth, clipping at 1. */
  public static TrainerConfig of(long steps, double learningRate) {
    return new TrainerConfig(steps, learningRate, 0.05, 0.01, 1, 60);
  }
}
