/**
 * Training that can stop at any moment and go on as if it had not.
 *
 * <p>A {@link dev.ilora.train.Task} says what is optimised; {@link dev.ilora.train.Trainer} runs
 * its steps: gradients, clipping, schedule, optimiser, checkpoints, divergence. Every random choice
 * of a step depends only on the run's seed and the step's number. A checkpoint therefore needs
 * parameters, the task's buffers, the optimiser's state and the step, and a run resumed from one
 * ends with the same bits as a run never interrupted.
 *
 * <p>{@link dev.ilora.train.RecommenderTraining} adds epochs to the steps: it validates after each
 * and chooses the best.
 */
package dev.ilora.train;
