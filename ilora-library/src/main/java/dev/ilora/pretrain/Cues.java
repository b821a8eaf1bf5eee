package dev.ilora.pretrain;

/**
 * Tokens by which {@link CopyingWeights} recognise lists and questions.
 *
 * @param separators after which a title of a list starts, such as a line break; may be empty
 * @param asking after which an answer starts, such as a colon; may be empty
 */
public record Cues(int[] separators, int[] asking) {}
