/**
 * Training that can stop at any moment and go on as if it had not.
 *
 * <p>A {@link dev.ilora.train.Task} says what is optimised; {@link dev.ilora.train.Trainer} runs
 * its steps: gradients, clipping, schedule, optimiser, checkpoints, divergence. Every random choice
 * of a step depends on the run's seed and the step's number alone, so parameters, optimiser state
 * and the step are all a checkpoint needs: a run resumed from one ends with the same bits as a run
 * never interrupted.
 */
package dev.ilora.train;
