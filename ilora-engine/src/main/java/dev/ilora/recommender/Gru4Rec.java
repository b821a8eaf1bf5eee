package dev.ilora.recommender;

import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * GRU4Rec as released with LLaRA: one gated recurrent layer over the item embeddings; z is its
 * state after the last item. With r, u, n the reset, update and candidate thirds of the weights:
 *
 * <pre>{@code
 * r = σ(W_r x + U_r h)   u = σ(W_u x + U_u h)   n = tanh(W_n x + r ∘ (U_n h + c))
 * h = n + u ∘ (h - n)
 * }</pre>
 *
 * <p>Source: Hidasi et al., arXiv:1511.06939.
 */
record Gru4Rec(Architecture architecture, Map<String, Tensor> weights)
    implements SequenceRecommender {
  /** Shapes of the weights between the item embeddings and z. */
  static Map<String, long[]> shapes(Architecture a) {
    long c = a.width();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("gru.weight_ih_l0", new long[] {3 * c, c});
    shapes.put("gru.weight_hh_l0", new long[] {3 * c, c});
    shapes.put("gru.bias_ih_l0", new long[] {3 * c});
    shapes.put("gru.bias_hh_l0", new long[] {3 * c});
    return shapes;
  }

  @Override
  public Tensor sequenceEmbedding(SequenceBatch batch, Dropout dropout) {
    Tensor items = dropout.of(itemEmbeddings().embedding(batch.sequences()));
    Tensor states =
        Layers.gru(
            items,
            weights.get("gru.weight_ih_l0"),
            weights.get("gru.weight_hh_l0"),
            weights.get("gru.bias_ih_l0"),
            weights.get("gru.bias_hh_l0"));
    return dropout.of(Padding.last(states, batch.lengths()));
  }
}
