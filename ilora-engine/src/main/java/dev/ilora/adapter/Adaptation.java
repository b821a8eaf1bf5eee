package dev.ilora.adapter;

import dev.ilora.nn.DropoutMask;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Adapters as one forward pass applies them: with the expert weights of that batch. An argument of
 * the pass, never state of the model, so that one model serves differently adapted users at once.
 *
 * <p>B sequences, K experts, L layers, R sum of the experts' ranks.
 */
public final class Adaptation {
  /** No adapter: the frozen model alone. */
  public static final Adaptation NONE = new Adaptation(null, null, true, null, false, null);

  private final Adapters adapters;
  private final Tensor scales;
  private final boolean alike;
  private final Directions directions;
  private final boolean training;
  private final Tensor prefix;

  /**
   * @param alike whether all sequences have the same scales
   * @param directions of DoRA, once the base model is known; else null
   * @param prefix (V, L, 2, G·D), or null
   */
  private Adaptation(
      Adapters adapters,
      Tensor scales,
      boolean alike,
      Directions directions,
      boolean training,
      Tensor prefix) {
    this.adapters = adapters;
    this.scales = scales;
    this.alike = alike;
    this.directions = directions;
    this.training = training;
    this.prefix = prefix;
  }

  private Adaptation(
      Adapters adapters, Tensor scales, boolean alike, Directions directions, boolean training) {
    this(adapters, scales, alike, directions, training, null);
  }

  /**
   * A prefix: in every layer its keys and values stand in place of those of the first V tokens of
   * every sequence, so that what these tokens are has no effect.
   */
  public static Adaptation of(PeftAdapter.Prefix prefix) {
    return new Adaptation(null, null, true, null, false, prefix.keysAndValues());
  }

  /** The whole prefix, (V, L, 2, G·D), or null. */
  public Tensor prefix() {
    return prefix;
  }

  /** The prefix of a layer, keys then values, (V, 2, G·D), or null. */
  public Tensor prefix(int layer) {
    return prefix == null ? null : prefix.select(1, layer);
  }

  /**
   * Adds the gradient of a layer's prefix, if the prefix is trained.
   *
   * @param gradient (V, 2, G·D)
   */
  public void addPrefixGradient(int layer, Tensor gradient) {
    if (prefix == null || !prefix.requiresGrad()) {
      return;
    }
    if (prefix.grad() == null) {
      prefix.addGrad(Tensor.zeros(prefix.dtype(), prefix.device(), prefix.shape()));
    }
    prefix.grad().select(1, layer).addInPlace(gradient, 1);
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
    Tensor scales = expertWeights.matmul(adapters.spread());
    return new Adaptation(adapters, scales, false, null, training);
  }

  /**
   * Plain LoRA: every expert with weight one for every sequence.
   *
   * @param sequences B
   */
  public static Adaptation of(Adapters adapters, int sequences, boolean training) {
    Tensor ones = Tensor.ones(DType.F32, adapters.device(), sequences, adapters.config().experts());
    return new Adaptation(adapters, ones.matmul(adapters.spread()), true, null, training);
  }

  /**
   * The same over the weights that it changes: DoRA needs their norms, anything else nothing. Every
   * pass asks for it; who makes several passes asks once and hands on the result.
   */
  public Adaptation over(FrozenWeights frozen) {
    return adapters == null || directions != null || !adapters.config().form().decomposed()
        ? this
        : new Adaptation(
            adapters, scales, alike, Directions.of(adapters, scales, alike, frozen), training);
  }

  /**
   * The same with expert weights cut from their graph: gradients gather here until {@link
   * #backwardFrom} passes them on.
   */
  public Adaptation leaf() {
    return scales == null
        ? this
        : new Adaptation(
            adapters,
            scales.detach().requiresGrad(scales.requiresGrad()),
            alike,
            directions,
            training);
  }

  /** Goes on with a backward pass that ended at this adaptation's {@link #leaf}. */
  public void backwardFrom(Adaptation leaf) {
    if (scales != null && scales.requiresGrad()) {
      scales.backward(leaf.scales.grad());
    }
  }

  /**
   * What dropout keeps of an input that some projections share, drawn as {@link #input} would.
   *
   * @return for (rows, width), or null where nothing is dropped
   */
  public DropoutMask kept(int layer, long rows, long width, Projection... readers) {
    double probability = adapters == null ? 0 : adapters.config().dropout();
    return training && probability > 0 && adaptsAny(layer, readers)
        ? DropoutMask.draw(probability, adapters.device(), rows, width)
        : null;
  }

  /**
   * The adapters of projections that share an input, for a backward pass by hand.
   *
   * @param x the shared input, (N, I); N = B·T with all tokens of a sequence together
   * @param kept from {@link #kept}
   */
  public AdapterPass pass(int layer, Tensor x, DropoutMask kept, Projection... readers) {
    List<Projection> adapted =
        Arrays.stream(readers).filter(reader -> adapts(layer, reader)).toList();
    if (adapted.isEmpty()) {
      return AdapterPass.NONE;
    }
    var mixtures = new EnumMap<Projection, LoraMixture>(Projection.class);
    adapted.forEach(reader -> mixtures.put(reader, adapters.mixture(layer, reader)));
    Consumer<Tensor> scaleGradient =
        scales.requiresGrad() ? gradient -> addScaleGradient(layer, gradient) : null;
    return new AdapterPass(
        mixtures, reader -> inverse(layer, reader), x, scalesOf(layer), kept, scaleGradient);
  }

  private void addScaleGradient(int layer, Tensor gradient) {
    if (scales.dim() == 2) {
      scales.addGrad(gradient);
      return;
    }
    Tensor all = Tensor.zeros(DType.F32, scales.device(), scales.shape());
    all.select(0, layer).copyInPlace(gradient);
    scales.addGrad(all);
  }

  private boolean adaptsAny(int layer, Projection... readers) {
    return Arrays.stream(readers).anyMatch(reader -> adapts(layer, reader));
  }

  private Tensor scalesOf(int layer) {
    return scales.dim() == 3 ? scales.select(0, layer) : scales;
  }

  /** Whether a projection of a layer gets an update at all. */
  public boolean adapts(int layer, Projection projection) {
    return adapters != null && adapters.adaptedIn(layer).contains(projection);
  }

  /**
   * Whether a projection's product is multiplied too, and not only added to: DoRA. Its bias then
   * comes after {@link #add}.
   */
  public boolean rescales(int layer, Projection projection) {
    return adapters != null && adapters.config().form().decomposed() && adapts(layer, projection);
  }

  /** Number of sequences the expert weights are for, or -1 where there are none. */
  public int sequences() {
    return scales == null ? -1 : (int) scales.size(-2);
  }

  /** Sizes of the base model the adapters are for, or null where there are none. */
  public DecoderShape shape() {
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
        : new Adaptation(
            adapters,
            scales.indexSelect(scales.dim() - 2, rows),
            alike,
            directions == null ? null : directions.rows(rows),
            training);
  }

  /**
   * What adapters read of an input that some projections share: with dropout in training, drawn
   * once for all of them.
   */
  public Tensor input(int layer, Tensor x, Projection... readers) {
    return adaptsAny(layer, readers) ? dropped(x, adapters.config().dropout()) : x;
  }

  private Tensor dropped(Tensor x, double probability) {
    if (!training || probability == 0) {
      return x;
    }
    return x.device().equals(Device.CPU)
        ? DropoutMask.draw(probability, x.device(), x.shape()).apply(x)
        : x.dropout(probability, true);
  }

  /**
   * Adds the update of one projection, and multiplies the sum where the form is DoRA.
   *
   * @param output of the frozen projection, (N, O); consumed; without its bias if it is {@link
   *     #rescales rescaled}
   * @param x from {@link #input}, (N, I); N = B·T with all tokens of a sequence together, or N = B
   * @return output plus update, (N, O); the output itself if the projection is not adapted
   * @throws IllegalStateException if the form is DoRA and this is not {@link #over} any weights
   */
  public Tensor add(int layer, Projection projection, Tensor output, Tensor x) {
    if (!adapts(layer, projection)) {
      return output;
    }
    Tensor own = scalesOf(layer).to(output.dtype());
    Tensor shaped = own.size(0) == x.size(0) ? own : own.unsqueeze(1);
    LoraMixture mixture = adapters.mixture(layer, projection);
    Tensor sum = mixture.addTo(output, x, shaped);
    return mixture.magnitude() == null
        ? sum
        : LoraMixture.rescaled(sum, mixture.magnitude().mul(inverse(layer, projection)));
  }

  /** One over the norms of the rows of an adapted matrix, (B, O) or (1, O). */
  private Tensor inverse(int layer, Projection projection) {
    if (directions == null) {
      throw new IllegalStateException("DoRA without the weights that it changes: call over first");
    }
    return directions.inverse(layer, projection);
  }
}
