package dev.ilora.hybrid;

import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of a recommender enters the prompts of a {@link PromptModel}.
 *
 * <p>Source: hybrid prompts, Liao et al., arXiv:2312.02445.
 */
public sealed interface Conditioning {

  /** Prompts are text only. */
  record TextOnly() implements Conditioning {
    @Override
    public Map<String, Tensor> parameters() {
      return Map.of();
    }

    @Override
    public TextOnly shadow() {
      return this;
    }
  }

  /**
   * A recommender's embeddings, projected into the language model's, stand in prompts.
   *
   * @param guide gives the embeddings; frozen
   * @param items puts embeddings of items into prompts
   * @param user projects the embedding of the user's sequence into the prompt's user slot
   */
  record Embedded(
      SequenceRecommender guide, Optional<ProjectedItems> items, Optional<Projector> user)
      implements Conditioning {

    /** Refuses to embed nothing: that is {@link TextOnly}. */
    public Embedded {
      if (items.isEmpty() && user.isEmpty()) {
        throw new IllegalArgumentException(
            "neither items nor the user have a projector: prompts are text only");
      }
    }

    @Override
    public Map<String, Tensor> parameters() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      items.ifPresent(
          own ->
              own.projector().parameters().forEach((n, t) -> all.put("projector.items." + n, t)));
      user.ifPresent(own -> own.parameters().forEach((n, t) -> all.put("projector.users." + n, t)));
      return all;
    }

    @Override
    public Embedded shadow() {
      return new Embedded(guide, items.map(ProjectedItems::shadow), user.map(Projector::shadow));
    }
  }

  /**
   * Embeddings of items in prompts.
   *
   * @param vectors which of the recommender's vectors of items they are
   * @param projector maps them into the language model's
   */
  record ProjectedItems(ItemVectors vectors, Projector projector) {
    ProjectedItems shadow() {
      return new ProjectedItems(vectors, projector.shadow());
    }
  }

  /** The trained tensors, by name. */
  Map<String, Tensor> parameters();

  /** The same weights with gradients of their own, for another thread's backward passes. */
  Conditioning shadow();
}
