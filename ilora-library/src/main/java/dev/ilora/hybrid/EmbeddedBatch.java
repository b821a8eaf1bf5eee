package dev.ilora.hybrid;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Prompts;
import dev.ilora.tensor.Tensor;

/**
 * A batch as the language model reads it.
 *
 * @param tokens B sequences of T tokens
 * @param embeddings of the tokens, with all slots filled, (B, T, C)
 * @param adaptation the adapters with the weights of these cases
 */
record EmbeddedBatch(TokenBatch tokens, Tensor embeddings, Adaptation adaptation) {

  /** The sequences as prompts. */
  Prompts prompts() {
    return new Prompts(embeddings, tokens.lengths());
  }
}
