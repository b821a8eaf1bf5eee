package dev.ilora.recommender;

import dev.ilora.tensor.Tensor;

/**
 * Which of a network's two vectors of an item a prompt carries. N items, C width of an item
 * embedding, H width of a sequence embedding.
 */
public enum ItemVectors {
  /** The embedding that histories are read by (the papers), (N + 1, C). */
  INPUT {
    @Override
    public Tensor of(SequenceRecommender recommender) {
      return recommender.itemEmbeddings();
    }
  },
  /** The row of the last layer whose product with the sequence embedding scores it, (N, H). */
  OUTPUT {
    @Override
    public Tensor of(SequenceRecommender recommender) {
      return recommender.weights().get("s_fc.weight");
    }
  };

  /** Returns a row an item, shared with the network. */
  public abstract Tensor of(SequenceRecommender recommender);

  /** Elements of a row. */
  public int width(SequenceRecommender recommender) {
    return (int) of(recommender).size(1);
  }
}
