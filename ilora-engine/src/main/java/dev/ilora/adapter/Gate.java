package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.nn.Initialisers;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Turns what is known of a user into weights of the experts.
 *
 * <p>B users, Z guidance width, K experts, L layers. All but {@link None} return weights that are
 * not negative and sum to one.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, equation 7 (the linear gate); the other forms are those
 * of its released code and of Shazeer et al., arXiv:1701.06538 (top-k with noise).
 */
public sealed interface Gate extends AutoCloseable
    permits Gate.None, Gate.Linear, Gate.PerLayer, Gate.Mlp, Gate.TopK, Gate.Noisy, ResidualGate {

  /** What this gate is, as saved with its weights. */
  GateConfig config();

  /**
   * Weighs the experts.
   *
   * @param guidance (B, Z), F32
   * @param training whether noise applies and running statistics follow the batch
   * @return (B, K), or (L, B, K) from a gate per layer
   * @throws IllegalArgumentException if the guidance is not Z wide
   */
  Tensor weights(Tensor guidance, boolean training);

  /** Trained weights by name, in a stable order. */
  Map<String, Tensor> parameters();

  /** Weights that are saved but not trained (running statistics), by name. */
  default Map<String, Tensor> buffers() {
    return Map.of();
  }

  /**
   * Whether training changes nothing but trained weights and draws no random numbers, so that
   * several threads can pass through {@link #shadow shadows} at the same time.
   */
  default boolean sharable() {
    return buffers().isEmpty() && config().kind() != GateConfig.Kind.NOISY;
  }

  /**
   * The same weights with gradients of their own, for another thread's backward passes.
   *
   * @throws IllegalStateException if this gate is not {@link #sharable}
   */
  default Gate shadow() {
    if (!sharable()) {
      throw new IllegalStateException(
          "a gate of kind %s is one thread's alone".formatted(config().kind()));
    }
    return of(config(), SharedWeights.shadows(parameters()));
  }

  /** Frees all weights. */
  @Override
  default void close() {
    parameters().values().forEach(Tensor::close);
    buffers().values().forEach(Tensor::close);
  }

  /** Plain LoRA: weight one for the only expert of every user. */
  record None() implements Gate {
    @Override
    public GateConfig config() {
      return GateConfig.none();
    }

    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return Tensor.ones(DType.F32, guidance.device(), guidance.size(0), 1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of();
    }
  }

  /**
   * {@code softmax(G z)}.
   *
   * @param weight G, (K, Z)
   */
  record Linear(GateConfig config, Tensor weight) implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return checked(config, guidance).linear(weight).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
  }

  /**
   * {@code softmax(G_l z)} for each layer l.
   *
   * @param weight (L, K, Z)
   */
  record PerLayer(GateConfig config, Tensor weight) implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return checked(config, guidance).matmul(weight.transpose(1, 2)).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
  }

  /**
   * {@code softmax(W2 gelu(W1 z + b1) + b2)}.
   *
   * @param parameters hidden.weight (H, Z), hidden.bias (H), output.weight (K, H), output.bias (K)
   */
  record Mlp(GateConfig config, Map<String, Tensor> parameters) implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return checked(config, guidance)
          .linear(parameters.get("hidden.weight"), parameters.get("hidden.bias"))
          .gelu()
          .linear(parameters.get("output.weight"), parameters.get("output.bias"))
          .softmax(-1);
    }
  }

  /**
   * {@code softmax} over the largest logits of {@code G z}; the other experts get exactly zero.
   * With only one kept its weight is constant, so the gate learns nothing: keep two or more to
   * train.
   *
   * @param weight G, (K, Z)
   */
  record TopK(GateConfig config, Tensor weight) implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return kept(checked(config, guidance).linear(weight), config.top()).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
  }

  /**
   * The top-k gate with normal noise on the logits, in training alone: outside, the same user
   * always gets the same weights.
   *
   * @param weight G, (K, Z)
   */
  record Noisy(GateConfig config, Tensor weight) implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      Tensor logits = checked(config, guidance).linear(weight);
      if (training) {
        Tensor noise = Tensor.randn(logits.shape()).to(logits.device());
        logits = logits.add(noise.mul(config.noise()));
      }
      return kept(logits, config.top()).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
  }

  private static Tensor checked(GateConfig config, Tensor guidance) {
    return guidance.requireShape("guidance of the gate", -1, config.guidanceWidth());
  }

  private static Tensor kept(Tensor logits, int top) {
    if (top == logits.size(-1)) {
      return logits;
    }
    Tensor.TopK largest = logits.topk(top, -1);
    return Tensor.full(Double.NEGATIVE_INFINITY, logits.dtype(), logits.device(), logits.shape())
        .scatter(-1, largest.indices(), largest.values());
  }

  /**
   * A new trainable gate, its matrices uniform within ±1/√fan-in.
   *
   * @param seed decides the values alone, whatever the device
   */
  static Gate create(GateConfig config, long seed, Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    return of(config, layout(config).create(device, (name, size) -> initial(name, size, random)));
  }

  private static Tensor initial(String name, long[] shape, RandomGenerator random) {
    if (ResidualGate.isNorm(name)) {
      return ResidualGate.initialNorm(name, shape);
    }
    if (name.endsWith("bias")) {
      return Tensor.zeros(shape);
    }
    long fanIn = name.contains("conv") ? shape[1] * shape[2] : shape[shape.length - 1];
    return Initialisers.uniform(random, 1 / Math.sqrt(fanIn), shape);
  }

  private static WeightLayout layout(GateConfig config) {
    int experts = config.experts();
    int width = config.guidanceWidth();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    switch (config.kind()) {
      case NONE -> {}
      case LINEAR, TOP_K, NOISY -> shapes.put("weight", new long[] {experts, width});
      case PER_LAYER -> shapes.put("weight", new long[] {config.layers(), experts, width});
      case MLP -> {
        shapes.put("hidden.weight", new long[] {config.hidden(), width});
        shapes.put("hidden.bias", new long[] {config.hidden()});
        shapes.put("output.weight", new long[] {experts, config.hidden()});
        shapes.put("output.bias", new long[] {experts});
      }
      case RESIDUAL -> shapes.putAll(ResidualGate.shapes(experts));
    }
    return WeightLayout.of(shapes);
  }

  /**
   * A gate over given weights, which it owns from now on; all but running statistics become
   * trainable.
   *
   * @throws IllegalArgumentException naming what is missing, unexpected or of another shape
   */
  static Gate of(GateConfig config, Map<String, Tensor> weights) {
    Map<String, Tensor> ordered = layout(config).require(weights, owner(config));
    ordered.forEach((name, weight) -> weight.requiresGrad(!ResidualGate.isStatistic(name)));
    return switch (config.kind()) {
      case NONE -> new None();
      case LINEAR -> new Linear(config, ordered.get("weight"));
      case PER_LAYER -> new PerLayer(config, ordered.get("weight"));
      case MLP -> new Mlp(config, java.util.Collections.unmodifiableMap(ordered));
      case TOP_K -> new TopK(config, ordered.get("weight"));
      case NOISY -> new Noisy(config, ordered.get("weight"));
      case RESIDUAL -> new ResidualGate(config, ordered);
    };
  }

  /** Whose weights they are, in messages. */
  private static String owner(GateConfig config) {
    return "a gate of kind " + config.kind();
  }

  /** Writes all weights to a safetensors file that also says what gate it is. */
  default void save(Path file) {
    Map<String, Tensor> all = new LinkedHashMap<>(parameters());
    all.putAll(buffers());
    SafeTensors.write(file, all, config().toMetadata());
  }

  /**
   * Reads a gate written by {@link #save}.
   *
   * @throws BadInputException if the file is not a gate, or weights are missing, unexpected or
   *     misshapen, naming them
   */
  static Gate load(Path file, Device device) {
    try (SafeTensors stored = SafeTensors.open(file)) {
      GateConfig config = GateConfig.fromMetadata(stored.metadata());
      return of(config, layout(config).load(stored, owner(config), device, DType.F32));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }
}
