/**
 * Tokenizers of language models, read from their folders; nothing here reaches for the network.
 *
 * {@snippet lang="java" :
 * try (Tokenizer tokenizer = Tokenizer.open(folder)) {
 *   int[] tokens = tokenizer.encode("Alien");
 * }
 * }
 *
 * <p>{@link dev.ilora.tokenizer.Tokenizer} opens {@code tokenizer.json}, SentencePiece's {@code
 * tokenizer.model} and GGUF files. {@link dev.ilora.tokenizer.BpeTrainer} makes a tokenizer for
 * lines of text.
 */
package dev.ilora.tokenizer;
