package dev.ilora.recommender;

import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SASRec with one block of one-head attention, as released with LLaRA. With x the item plus
 * position embeddings (B, L, C) and q the layer-normalised embedding of the last item:
 *
 * <pre>{@code
 * h = LN₂(q + attention of q over the items of x)
 * z = LN₃(LN(h + W₂ relu(W₁ h)))
 * }</pre>
 *
 * <p>Only the last position is asked for a prediction, so only its query is computed; and because
 * attention is linear in its keys and values, both projections are applied to the single query and
 * the single weighted mean instead of every position. The scores equal the released model's.
 *
 * <p>Sources: Kang and McAuley, arXiv:1808.09781; Liao et al. (LLaRA), arXiv:2312.02445.
 */
record SasRec(Architecture architecture, Map<String, Tensor> weights)
    implements SequenceRecommender {
  private static final double EPSILON = 1e-5;

  /** Shapes of the weights between the item embeddings and z. */
  static Map<String, long[]> shapes(Architecture a) {
    long c = a.width();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("positional_embeddings.weight", new long[] {a.historyLength(), c});
    for (String norm : new String[] {"ln_1", "ln_2", "ln_3", "feed_forward.layer_norm"}) {
      shapes.put(norm + ".weight", new long[] {c});
      shapes.put(norm + ".bias", new long[] {c});
    }
    for (String projection : new String[] {"linear_q", "linear_k", "linear_v"}) {
      shapes.put("mh_attn." + projection + ".weight", new long[] {c, c});
      shapes.put("mh_attn." + projection + ".bias", new long[] {c});
    }
    for (String layer : new String[] {"w_1", "w_2"}) {
      shapes.put("feed_forward." + layer + ".weight", new long[] {c, c, 1});
      shapes.put("feed_forward." + layer + ".bias", new long[] {c});
    }
    return shapes;
  }

  @Override
  public Tensor sequenceEmbedding(SequenceBatch batch, Dropout dropout) {
    Tensor items =
        dropout.of(
            itemEmbeddings()
                .embedding(batch.sequences())
                .add(weights.get("positional_embeddings.weight")));
    Tensor query = norm("ln_1", Padding.last(items, batch.lengths()));
    Tensor attended = attention(query, items, batch.lengths(), dropout);
    Tensor hidden = norm("ln_2", attended.add(query));
    return norm("ln_3", feedForward(hidden, dropout));
  }

  /** Attention of query (B, C) over the first {@code lengths} of items (B, L, C): (B, C). */
  private Tensor attention(Tensor query, Tensor items, Tensor lengths, Dropout dropout) {
    // q·(K x + b) = (Kᵀ q)·x + a constant of the row, which the softmax ignores.
    Tensor asked =
        projected("linear_q", query)
            .matmul(weights.get("mh_attn.linear_k.weight"))
            .mul(1 / Math.sqrt(architecture.width()));
    // A product and a sum: libtorch's batched products of a matrix and a vector are slower.
    Tensor scores = items.mul(asked.unsqueeze(1)).sum(2, false);
    Tensor shares =
        dropout.of(
            scores
                .maskedFill(Padding.mask(lengths, architecture.historyLength()), -1e9)
                .softmax(-1));
    Tensor mean = items.mul(shares.unsqueeze(2)).sum(1, false);
    return projected("linear_v", mean);
  }

  private Tensor projected(String projection, Tensor x) {
    String name = "mh_attn." + projection;
    return x.linear(weights.get(name + ".weight"), weights.get(name + ".bias"));
  }

  private Tensor feedForward(Tensor hidden, Dropout dropout) {
    Tensor inner = pointwise("w_1", hidden).relu();
    Tensor outer = dropout.of(pointwise("w_2", inner));
    return norm("feed_forward.layer_norm", outer.add(hidden));
  }

  /** A convolution of width 1: a linear layer with a trailing dimension in its weight. */
  private Tensor pointwise(String layer, Tensor x) {
    String name = "feed_forward." + layer;
    return x.linear(weights.get(name + ".weight").squeeze(2), weights.get(name + ".bias"));
  }

  private Tensor norm(String name, Tensor x) {
    return Layers.layerNorm(x, weights.get(name + ".weight"), weights.get(name + ".bias"), EPSILON);
  }
}
