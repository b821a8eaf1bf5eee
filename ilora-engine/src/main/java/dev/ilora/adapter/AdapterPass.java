package dev.ilora.adapter;

import dev.ilora.nn.DropoutMask;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The adapters of projections that share an input, through one forward and one backward pass
 * written out by hand. Their down matrices are stacked, so that the input is read once; gradients
 * of inputs are added where they are wanted, not formed and added up.
 *
 * <p>B sequences, N tokens, I input width, O output width, R sum of the experts' ranks, n adapted
 * projections. Runs without a graph; the gradients are those a graph of {@link LoraMixture#addTo}
 * would give. Tensors belong to the scope open when they are made.
 */
public final class AdapterPass {
  /** Of projections that are not adapted: adds nothing anywhere. */
  static final AdapterPass NONE = new AdapterPass();

  private final Map<Projection, LoraMixture> mixtures;
  private final Function<Projection, Tensor> inverse;
  private final Map<Projection, Tensor> products = new EnumMap<>(Projection.class);
  private final List<Projection> order;
  private final Tensor x;
  private final DropoutMask kept;
  private final Tensor scales;
  private final Consumer<Tensor> scaleGradient;
  private final Tensor downs;
  private final Tensor inner;
  private final Tensor scaled;
  private Tensor scaledGradient;

  private AdapterPass() {
    mixtures = Map.of();
    inverse = null;
    order = List.of();
    x = scales = downs = inner = scaled = null;
    kept = null;
    scaleGradient = null;
  }

  /**
   * @param inverse gives one over the norms of a projection's adapted rows, (B, O) or (1, O); asked
   *     for DoRA alone
   * @param x (N, I), used until the backward pass is over
   * @param scales (B, R)
   * @param kept what dropout keeps of x, or null
   * @param scaleGradient takes the gradient of the scales, (B, R); null where none is wanted
   */
  AdapterPass(
      EnumMap<Projection, LoraMixture> mixtures,
      Function<Projection, Tensor> inverse,
      Tensor x,
      Tensor scales,
      DropoutMask kept,
      Consumer<Tensor> scaleGradient) {
    this.mixtures = mixtures;
    this.inverse = inverse;
    this.order = List.copyOf(mixtures.keySet());
    this.x = x;
    this.kept = kept;
    this.scaleGradient = scaleGradient;
    this.scales = scales.to(x.dtype()).view(scales.size(0), 1, 1, scales.size(1));
    List<Tensor> all = mixtures.values().stream().map(LoraMixture::down).toList();
    this.downs = (all.size() == 1 ? all.getFirst().detach() : Tensor.cat(all, 0)).to(x.dtype());
    this.inner = input().linear(downs);
    this.scaled = scale(inner);
  }

  /** What the adapters read, (N, I). */
  private Tensor input() {
    return kept == null ? x : kept.apply(x);
  }

  private long rank() {
    return scales.size(3);
  }

  private Tensor scale(Tensor ranks) {
    return perSequence(ranks).mul(scales).view(ranks.shape());
  }

  /** (N, n·R) to (B, T, n, R). */
  private Tensor perSequence(Tensor ranks) {
    return ranks.view(scales.size(0), -1, order.size(), rank());
  }

  private Tensor part(Tensor ranks, Projection projection) {
    long from = order.indexOf(projection) * rank();
    return ranks.slice(1, from, from + rank());
  }

  /** Adds the update of one of the projections to its output (N, O), in place. */
  public void addTo(Projection projection, Tensor output) {
    if (order.contains(projection)) {
      Tensor up = mixtures.get(projection).up().to(output.dtype());
      output.addmmInPlace(part(scaled, projection), up.transpose(0, 1));
    }
  }

  /** Whether a projection's product is multiplied too: DoRA. */
  public boolean rescales(Projection projection) {
    return order.contains(projection) && mixtures.get(projection).magnitude() != null;
  }

  /**
   * Multiplies the product of a projection that is {@link #rescales rescaled}.
   *
   * @param product of the adapted matrix, without the bias, (N, O); used until the backward pass is
   *     over
   * @return (N, O), in memory of its own
   */
  public Tensor rescaled(Projection projection, Tensor product) {
    products.put(projection, product);
    return LoraMixture.rescaled(product, factors(projection));
  }

  private Tensor factors(Projection projection) {
    return mixtures.get(projection).magnitude().detach().mul(inverse.apply(projection));
  }

  /** Adds the gradient of the magnitudes to them; returns that of the product. */
  private Tensor takeMagnitudeGradient(Projection projection, Tensor gradient) {
    Tensor norms = inverse.apply(projection);
    Tensor both = gradient.mul(products.get(projection)).to(DType.F32);
    Tensor sums = both.view(norms.size(0), -1, norms.size(1)).sum(1, false);
    mixtures.get(projection).magnitude().addGrad(sums.mul(norms).sum(0, false));
    return LoraMixture.rescaled(gradient, factors(projection));
  }

  /**
   * Takes the gradient of one of the projections' outputs, (N, O).
   *
   * @return the gradient of the frozen matrix's product, (N, O): the same unless it is {@link
   *     #rescales rescaled}
   */
  public Tensor takeGradient(Projection projection, Tensor outputGradient) {
    if (!order.contains(projection)) {
      return outputGradient;
    }
    Tensor gradient =
        rescales(projection) ? takeMagnitudeGradient(projection, outputGradient) : outputGradient;
    Tensor up = mixtures.get(projection).up();
    if (scaledGradient == null) {
      scaledGradient = Tensor.zeros(inner.dtype(), inner.device(), inner.shape());
    }
    part(scaledGradient, projection).mmOut(gradient, up.to(gradient.dtype()));
    up.addGrad(gradient.transpose(0, 1).matmul(part(scaled, projection)).to(DType.F32));
    return gradient;
  }

  /**
   * Ends the backward pass, after the gradients of all outputs were taken.
   *
   * @param gradient what to add the input's gradient to, (N, I); null where it is not wanted
   */
  public void addInputGradient(Tensor gradient) {
    if (order.isEmpty()) {
      return;
    }
    if (scaleGradient != null) {
      Tensor products = scaledGradient.mul(inner).to(DType.F32);
      scaleGradient.accept(perSequence(products).sum(1, false).sum(1, false));
    }
    Tensor innerGradient = scale(scaledGradient);
    Tensor down = innerGradient.transpose(0, 1).matmul(input()).to(DType.F32);
    for (int i = 0; i < order.size(); i++) {
      mixtures.get(order.get(i)).down().addGrad(down.slice(0, i * rank(), (i + 1) * rank()));
    }
    if (gradient != null && kept == null) {
      gradient.addmmInPlace(innerGradient, downs);
    } else if (gradient != null) {
      gradient.addInPlace(kept.apply(innerGradient.matmul(downs)), 1);
    }
  }

  /** What must outlive the scope of the forward pass. */
  public List<Tensor> needed() {
    if (order.isEmpty()) {
      return List.of();
    }
    List<Tensor> needed = new ArrayList<>(List.of(scales, downs, inner, scaled));
    needed.addAll(products.values());
    return needed;
  }
}
