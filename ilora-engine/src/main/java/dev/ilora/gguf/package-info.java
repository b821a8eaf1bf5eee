/**
 * The GGUF file format: metadata and tensors of a language model in one file, most of them
 * quantised.
 *
 * {@snippet lang="java" :
 * try (GgufFile file = GgufFile.open(path); Scope scope = Scope.open()) {
 *   String kind = file.metadata().text("general.architecture").orElseThrow();
 *   Tensor embeddings = file.load("token_embd.weight");            // dequantised, F32
 * }
 * }
 *
 * <p>{@link dev.ilora.gguf.GgufFile} gives what the file holds, under the file's own names. {@link
 * dev.ilora.gguf.GgufModel} gives the same as a Hugging Face folder would: a configuration, and
 * weights by their names there, with rows in their order.
 */
package dev.ilora.gguf;
