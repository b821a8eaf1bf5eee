package dev.ilora.adapter;

import dev.ilora.Randomness;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The adapters of all layers of one base model: a {@link LoraMixture} for every target projection.
 *
 * <p>Weights are F32, whatever the base model's type. Their names are those of PEFT files: {@code
 * base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight}, (R, I), and {@code
 * ...lora_B.weight}, (O, R), R the sum of the experts' ranks; with DoRA also {@code
 * ...lora_magnitude_vector}, (O).
 */
public final class Adapters implements AutoCloseable {
  /** Whose weights they are, in messages. */
  static final String OWNER = "adapters of these targets for this base model";

  private static final String PREFIX = "base_model.model.model.layers.";

  private final AdapterConfig config;
  private final DecoderShape shape;
  private final Map<String, Tensor> parameters;
  private final Tensor spread;
  private final List<Map<Projection, LoraMixture>> mixtures = new ArrayList<>();

  private Adapters(AdapterConfig config, DecoderShape shape, Map<String, Tensor> parameters) {
    this.config = config;
    this.shape = shape;
    this.parameters = Collections.unmodifiableMap(parameters);
    this.spread = LoraMixture.spread(config, parameters.values().iterator().next().device());
    for (int layer = 0; layer < shape.layers(); layer++) {
      Map<Projection, LoraMixture> own = new EnumMap<>(Projection.class);
      for (Projection target : config.targets()) {
        if (parameters.containsKey(downName(layer, target))) {
          own.put(
              target,
              new LoraMixture(
                  parameters.get(downName(layer, target)),
                  parameters.get(upName(layer, target)),
                  parameters.get(magnitudeName(layer, target)),
                  spread));
        }
      }
      mixtures.add(own);
    }
  }

  /**
   * New trainable adapters: down kaiming-uniform (as PEFT: within ±1/√I), up zero, so that they
   * change nothing yet.
   *
   * @param seed decides the values alone, whatever the device
   * @throws IllegalArgumentException if the form is DoRA, whose magnitudes begin as the norms of
   *     the base model's weights
   */
  public static Adapters create(
      AdapterConfig config, DecoderShape shape, long seed, Device device) {
    return create(
        config,
        shape,
        (_, _) -> {
          throw new IllegalArgumentException(
              "DoRA's magnitudes begin as norms of the base model's weights, which are not given");
        },
        seed,
        device);
  }

  /**
   * As above, in any form.
   *
   * @param frozen weights of the base model, on the device; read where the form is DoRA
   */
  public static Adapters create(
      AdapterConfig config, DecoderShape shape, FrozenWeights frozen, long seed, Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    Map<String, Tensor> norms = new LinkedHashMap<>();
    if (config.form().decomposed()) {
      forEachTarget(
          config,
          shape,
          (layer, target) -> {
            try (var scope = Scope.open()) {
              Tensor weight = frozen.of(layer, target).detach();
              norms.put(magnitudeName(layer, target), scope.keep(weight.vectorNorm(1, false)));
            }
          });
    }
    Map<String, Tensor> parameters =
        layout(config, shape)
            .create(
                device,
                (name, size) ->
                    norms.containsKey(name) ? norms.get(name) : initial(name, size, random));
    parameters.values().forEach(parameter -> parameter.requiresGrad(true));
    return new Adapters(config, shape, parameters);
  }

  private static void forEachTarget(
      AdapterConfig config, DecoderShape shape, BiConsumer<Integer, Projection> action) {
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (Projection target : config.targets()) {
        action.accept(layer, target);
      }
    }
  }

  private static Tensor initial(String name, long[] size, RandomGenerator random) {
    float[] values = new float[(int) (size[0] * size[1])];
    if (name.endsWith("lora_A.weight")) {
      double bound = 1 / Math.sqrt(size[1]);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(-bound, bound);
      }
    }
    return Tensor.of(values, size);
  }

  /**
   * Adapters over given weights, which they own from now on.
   *
   * @param parameters exactly those of {@link #layout}, F32
   * @throws IllegalArgumentException naming what is missing, unexpected or of another shape
   */
  public static Adapters of(
      AdapterConfig config, DecoderShape shape, Map<String, Tensor> parameters) {
    return new Adapters(config, shape, layout(config, shape).require(parameters, OWNER));
  }

  /**
   * Adapters of some layers' targets, as read from a file.
   *
   * @param parameters of every projection that is adapted all weights, in the order of {@link
   *     #layout}
   */
  static Adapters ofSome(AdapterConfig config, DecoderShape shape, Map<String, Tensor> parameters) {
    return new Adapters(config, shape, parameters);
  }

  /** The same weights with gradients of their own, for another thread's backward passes. */
  public Adapters shadow() {
    return new Adapters(config, shape, SharedWeights.shadows(parameters));
  }

  /** Names and shapes of all weights, in a stable order. */
  static WeightLayout layout(AdapterConfig config, DecoderShape shape) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long rank = config.totalRank();
    forEachTarget(
        config,
        shape,
        (layer, target) -> {
          shapes.put(downName(layer, target), new long[] {rank, shape.inputOf(target)});
          shapes.put(upName(layer, target), new long[] {shape.outputOf(target), rank});
          if (config.form().decomposed()) {
            shapes.put(magnitudeName(layer, target), new long[] {shape.outputOf(target)});
          }
        });
    return WeightLayout.of(shapes);
  }

  /** Name of the stacked {@code A} of a projection. */
  public static String downName(int layer, Projection projection) {
    return PREFIX + layer + "." + projection.path() + ".lora_A.weight";
  }

  /** Name of the stacked {@code B} of a projection. */
  public static String upName(int layer, Projection projection) {
    return PREFIX + layer + "." + projection.path() + ".lora_B.weight";
  }

  /** Name of the magnitudes of a projection. */
  public static String magnitudeName(int layer, Projection projection) {
    return PREFIX + layer + "." + projection.path() + ".lora_magnitude_vector";
  }

  /** All weights by name, in a stable order. */
  public Map<String, Tensor> parameters() {
    return parameters;
  }

  public AdapterConfig config() {
    return config;
  }

  public DecoderShape shape() {
    return shape;
  }

  public Device device() {
    return spread.device();
  }

  /** The adapted projections of a layer: all targets, unless a file left some out. */
  public Set<Projection> adaptedIn(int layer) {
    return Collections.unmodifiableSet(mixtures.get(layer).keySet());
  }

  /** Whether every target of every layer is adapted. */
  boolean isWhole() {
    return mixtures.stream().allMatch(own -> own.size() == config.targets().size());
  }

  /**
   * The mixture of one projection.
   *
   * @throws IllegalArgumentException if the projection is not a target
   */
  public LoraMixture mixture(int layer, Projection projection) {
    LoraMixture mixture = mixtures.get(layer).get(projection);
    if (mixture == null) {
      throw new IllegalArgumentException(
          projection.shortName() + " is not adapted: targets are " + config.targets());
    }
    return mixture;
  }

  Tensor spread() {
    return spread;
  }

  /**
   * One adapter that does exactly what these adapters do with one set of expert weights: every
   * rank's scale is multiplied into its column of B, and alpha is the rank. Ranks of experts that
   * have no weight in any layer are left out.
   *
   * @param expertWeights (K) for all layers, or (L, K)
   * @return adapters with weights of their own, without dropout
   * @throws IllegalArgumentException if the weights' shape does not fit, or all are zero
   */
  public Adapters withFixed(Tensor expertWeights) {
    Map<String, Tensor> fixed = new LinkedHashMap<>();
    try (var scope = Scope.open()) {
      boolean forAll = expertWeights.dim() == 1;
      Tensor weights = forAll ? expertWeights.unsqueeze(0) : expertWeights;
      weights.requireShape("expert weights", forAll ? 1 : shape.layers(), config.experts());
      Tensor scales = weights.detach().to(DType.F32).matmul(spread);
      long[] used = usedRanks(scales);
      Tensor ranks = Tensor.of(used, used.length).to(device());
      for (int layer = 0; layer < shape.layers(); layer++) {
        Tensor own = scales.select(0, forAll ? 0 : layer);
        for (Projection target : adaptedIn(layer)) {
          LoraMixture mixture = mixture(layer, target);
          Tensor up = mixture.up().detach().mul(own).indexSelect(1, ranks);
          fixed.put(
              downName(layer, target), scope.keep(mixture.down().detach().indexSelect(0, ranks)));
          fixed.put(upName(layer, target), scope.keep(up));
          if (mixture.magnitude() != null) {
            fixed.put(
                magnitudeName(layer, target), scope.keep(mixture.magnitude().detach().copy()));
          }
        }
      }
    }
    int rank = (int) fixed.values().iterator().next().size(0);
    LoraForm form = new LoraForm(false, config.form().decomposed());
    return new Adapters(AdapterConfig.lora(config.targets(), rank, rank, 0).in(form), shape, fixed);
  }

  private static long[] usedRanks(Tensor scales) {
    float[] largest = scales.square().amax(0, false).toFloats();
    long[] used =
        IntStream.range(0, largest.length)
            .filter(rank -> largest[rank] != 0)
            .asLongStream()
            .toArray();
    if (used.length == 0) {
      throw new IllegalArgumentException("expert weights: all are 0, so nothing is adapted");
    }
    return used;
  }

  /** Frees all weights. */
  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    spread.close();
  }
}
