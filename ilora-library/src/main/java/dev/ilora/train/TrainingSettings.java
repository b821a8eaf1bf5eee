package dev.ilora.train;

import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Below;
import dev.ilora.config.Default;
import java.util.Optional;

/**
 * How the adapter is trained.
 *
 * @param steps optimiser steps
 * @param batch rows a step
 * @param microBatch rows of one pass; gradients of a step are summed over passes, and each core has
 *     a pass in memory. Where absent 8, or fewer if 8 do not fit into memory: decided before the
 *     first step and kept with the run
 * @param learningRate peak rate
 * @param projectorRate the projector's share of it
 * @param gateRate the gate's share of it
 * @param warmUp share of the steps in which the rate rises
 * @param floor share of the peak the rate ends at
 * @param clip largest norm of all gradients together
 * @param validations how many times the validation rows are asked, evenly spread over the steps and
 *     at the last one; the weights that rank them best are kept. 0: never, the last step counts
 * @param curriculum whether prompts begin text-only and turn hybrid linearly (LLaRA)
 * @param checkpointSeconds time between checkpoints
 * @param checkpointActivations whether layers are computed a second time on the way back instead of
 *     being remembered: less memory, more time, the same result. Where absent only if {@code
 *     microBatch} is absent too and not even one row fits into memory otherwise
 */
public record TrainingSettings(
    @Default("500") @AtLeast(1) @AtMost(TrainerConfig.MOST_STEPS) int steps,
    @Default("32") @AtLeast(1) @AtMost(65_536) int batch,
    @AtLeast(1) @AtMost(65_536) Optional<Integer> microBatch,
    @Default("0.003") @Above(0) @AtMost(TrainerConfig.MOST_RATE) double learningRate,
    @Default("1") @Above(0) @AtMost(1000) double projectorRate,
    @Default("0.3") @Above(0) @AtMost(1000) double gateRate,
    @Default("0.05") @AtLeast(0) @Below(1) double warmUp,
    @Default("0.01") @AtLeast(0) @AtMost(1) double floor,
    @Default("1") @Above(0) @AtMost(1e9) double clip,
    @Default("5") @AtLeast(0) @AtMost(1000) int validations,
    @Default("false") boolean curriculum,
    @Default("60") @AtLeast(1) @AtMost(1_000_000) int checkpointSeconds,
    Optional<Boolean> checkpointActivations) {

  /** How rows are passed where memory is no matter. */
  public PassPlan passes() {
    return new PassPlan(
        microBatch.orElse(PassPlan.USUAL.rows()),
        checkpointActivations.orElse(PassPlan.USUAL.checkpoint()));
  }

  /** The same with the way of passing rows decided. */
  public TrainingSettings with(PassPlan passes) {
    return new TrainingSettings(
        steps,
        batch,
        Optional.of(passes.rows()),
        learningRate,
        projectorRate,
        gateRate,
        warmUp,
        floor,
        clip,
        validations,
        curriculum,
        checkpointSeconds,
        Optional.of(passes.checkpoint()));
  }

  /** The part that is the trainer's. */
  public TrainerConfig trainer() {
    return new TrainerConfig(steps, learningRate, warmUp, floor, clip, checkpointSeconds);
  }
}
