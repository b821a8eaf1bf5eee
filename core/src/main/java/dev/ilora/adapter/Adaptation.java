package dev.ilora.adapter;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;

/**
 * Adapters as one forward pass applies them: with the expert weights of that batch. An argument of
 * the pass, never state of the model, so that one model serves differently adapted users at once.
 *
 * <p>B sequences, K experts, L layers, R sum of the experts' ranks.
 */
public final class Adaptation {
  /** No adapter: the frozen model alone. */
  public static final Adaptation NONE = new Adaptation(null, null, false);

  private final Adapters adapters;
  private final Tensor scales;
  private final boolean training;

  private Adaptation(Adapters adapters, Tensor scales, boolean training) {
    this.adapters = adapters;
    this.scales = scales;
    this.training = training;
  }

  /**
   * Adapters with the expert weights of a batch.
   *
   * @param expertWeights (B, K) for all layers, or (L, B, K); used as given
   * @param training whether dropout applies
   * @throws IllegalArgumentException if the weights' shape does not fit the adapters
   */
  public static Adaptation of(Adapters adapters, Tensor expertWeights, boolean training) {
    int experts = adapters.config().experts();
    if (expertWeights.dim() == 3) {
      expertWeights.requireShape("expert weights", adapters.shape().layers(), -1, experts);
    } else {
      expertWeights.requireShape("expert weights", -1, experts);
    }
    return new Adaptation(adapters, expertWeights.matmul(adapters.spread()), training);
  }

  /**
   * Plain LoRA: every expert with weight one for every sequence.
   *
   * @param sequences B
   */
  public static Adaptation of(Adapters adapters, int sequences, boolean training) {
    Tensor ones = Tensor.ones(DType.F32, adapters.device(), sequences, adapters.config().experts());
    return of(adapters, ones, training);
  }

  /** Whether a projection gets an update at all. */
  public boolean adapts(Projection projection) {
    return adapters != null && adapters.config().targets().contains(projection);
  }

  /** Number of sequences the expert weights are for, or -1 for {@link #NONE}. */
  public int sequences() {
    return scales == null ? -1 : (int) scales.size(-2);
  }

  /** Sizes of the base model the adapters are for, or null for {@link #NONE}. */
  public LlamaShape shape() {
    return adapters == null ? null : adapters.shape();
  }

  /**
   * The same adapters for other rows: row i of the result is row {@code rows[i]} of this.
   *
   * @param rows I64; a row may occur many times (the tokens of a sequence, the beams of a prompt)
   */
  public Adaptation rows(Tensor rows) {
    return scales == null
        ? this
        : new Adaptation(adapters, scales.indexSelect(scales.dim() - 2, rows), training);
  }

  /**
   * What adapters read of an input that some projections share: with dropout in training, drawn
   * once for all of them.
   */
  public Tensor input(Tensor x, Projection... readers) {
    for (Projection reader : readers) {
      if (adapts(reader)) {
        return dropped(x, adapters.config().dropout());
      }
    }
    return x;
  }

  private Tensor dropped(Tensor x, double probability) {
    if (!training || probability == 0) {
      return x;
    }
    return x.device().equals(Device.CPU)
        ? x.quickDropout(probability)
        : x.dropout(probability, true);
  }

  /**
   * Adds the update of one projection.
   *
   * @param output of the frozen projection, (N, O); consumed
   * @param x from {@link #input}, (N, I); N = B·T with all tokens of a sequence together, or N = B
   * @return output plus update, (N, O); the output itself if the projection is not adapted
   */
  public Tensor add(int layer, Projection projection, Tensor output, Tensor x) {
    if (!adapts(projection)) {
      return output;
    }
    Tensor own = (scales.dim() == 3 ? scales.select(0, layer) : scales).to(output.dtype());
    Tensor shaped = own.size(0) == x.size(0) ? own : own.unsqueeze(1);
    return adapters.mixture(layer, projection).addTo(output, x, shaped);
  }
}
