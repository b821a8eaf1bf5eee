package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tokenizer.Tokenizer;

/** The frozen language model of a bench, in whatever types are asked for. */
sealed interface BenchModel extends AutoCloseable permits RandomLlama, StoredLlama {
  /** Its sizes. */
  LlamaConfig config();

  /** What makes tokens of texts. */
  Tokenizer tokenizer();

  /** The model in a type; made or loaded on first use. */
  Llama of(DType dtype);

  @Override
  void close();
}
