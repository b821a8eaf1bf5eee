package dev.ilora.adapter;

import dev.ilora.tensor.Tensor;

/** What a folder that PEFT wrote adds to a language model. */
public sealed interface PeftAdapter {
  /**
   * Low-rank updates of projections.
   *
   * @param adapters the updates
   */
  record Lora(Adapters adapters) implements PeftAdapter {}

  /**
   * Vectors that stand before the embeddings of every prompt; positions count from the first of
   * them. Prompt tuning (Lester et al., arXiv:2104.08691), and P-tuning (Liu et al.,
   * arXiv:2103.10385), whose encoder is gone once it is trained.
   *
   * @param embeddings (V, C)
   */
  record VirtualTokens(Tensor embeddings) implements PeftAdapter {}

  /**
   * Keys and values that every layer sees before those of a prompt, whose positions count on from
   * them; keys are never rotated. Prefix tuning (Li and Liang, arXiv:2101.00190). Where it is
   * trained, {@link Adaptation#of(Prefix)} puts it in place of what the first V tokens would have.
   *
   * @param keysAndValues (V, L, 2, G·D), keys first
   */
  record Prefix(Tensor keysAndValues) implements PeftAdapter {}
}
