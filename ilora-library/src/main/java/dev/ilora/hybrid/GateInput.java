package dev.ilora.hybrid;

import dev.ilora.recommender.SequenceRecommender;

/**
 * What a gate looks at, with what it takes to compute it; {@link dev.ilora.adapter.Guidance} names
 * the choices of a recipe.
 */
public sealed interface GateInput {

  /**
   * The embedding of the user's sequence (the paper).
   *
   * @param guide gives it; frozen
   */
  record SequenceEmbedding(SequenceRecommender guide) implements GateInput {}

  /** The mean of the embeddings of the prompt's tokens. */
  record PromptMean() implements GateInput {}

  /**
   * A random vector for each user (an ablation).
   *
   * @param seed decides the vectors, with the user's key
   */
  record RandomVector(long seed) implements GateInput {}
}
