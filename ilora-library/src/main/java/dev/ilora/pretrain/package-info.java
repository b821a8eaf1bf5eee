/**
 * Teaches a small general language model from made-up text.
 *
 * <p>{@link dev.ilora.pretrain.BaseTraining} runs a {@link dev.ilora.pretrain.BaseRecipe}; {@link
 * dev.ilora.pretrain.CopyingWeights} are its initial weights; {@link
 * dev.ilora.pretrain.InstructionProbe} asks what it learned.
 */
package dev.ilora.pretrain;
