package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what is known of a user into weights of the experts.
 *
 * <p>B users, Z guidance width, K experts, L layers. The weights are not negative and sum to one.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, equation 7 (the linear gate); the other forms are those
 * of its released code and of Shazeer et al., arXiv:1701.06538 (top-k with noise).
 */
public sealed interface Gate extends AutoCloseable
    permits Gate.Linear, Gate.PerLayer, Gate.Mlp, Gate.TopK, Gate.Noisy, ResidualGate {

  /** Which gate this is. */
  GateConfig config();

  /** The sizes of the model this gate was made for. */
  GateSizes sizes();

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
    return true;
  }

  /**
   * The same weights with gradients of their own, for another thread's backward passes.
   *
   * @throws IllegalStateException if this gate is not {@link #sharable}
   */
  default Gate shadow() {
    if (!sharable()) {
      throw new IllegalStateException(
          "a %s gate can only be used by one thread".formatted(GateMetadata.name(config())));
    }
    return of(config(), sizes(), SharedWeights.shadows(parameters()));
  }

  /** Frees all weights. */
  @Override
  default void close() {
    parameters().values().forEach(Tensor::close);
    buffers().values().forEach(Tensor::close);
  }

  /**
   * {@code softmax(G z)}.
   *
   * @param weight G, (K, Z)
   */
  record Linear(GateSizes sizes, Tensor weight) implements Gate {
    @Override
    public GateConfig config() {
      return new GateConfig.Linear();
    }

    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return sizes.requireWidth(guidance).linear(weight).softmax(-1);
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
  record PerLayer(GateSizes sizes, Tensor weight) implements Gate {
    @Override
    public GateConfig config() {
      return new GateConfig.PerLayer();
    }

    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return sizes.requireWidth(guidance).matmul(weight.transpose(1, 2)).softmax(-1);
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
  record Mlp(GateConfig.Mlp config, GateSizes sizes, Map<String, Tensor> parameters)
      implements Gate {
    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return sizes
          .requireWidth(guidance)
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
   * @param top experts kept, 1 to K
   * @param weight G, (K, Z)
   */
  record TopK(GateSizes sizes, int top, Tensor weight) implements Gate {
    @Override
    public GateConfig config() {
      return new GateConfig.TopK(Optional.of(top));
    }

    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      return kept(sizes.requireWidth(guidance).linear(weight), top).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
  }

  /**
   * The top-k gate with normal noise on the logits, only in training: outside it the same user
   * always gets the same weights.
   *
   * @param top experts kept, 1 to K
   * @param noise standard deviation of the noise
   * @param weight G, (K, Z)
   */
  record Noisy(GateSizes sizes, int top, double noise, Tensor weight) implements Gate {
    @Override
    public GateConfig config() {
      return new GateConfig.Noisy(Optional.of(top), noise);
    }

    @Override
    public boolean sharable() {
      return false;
    }

    @Override
    public Tensor weights(Tensor guidance, boolean training) {
      Tensor logits = sizes.requireWidth(guidance).linear(weight);
      if (training) {
        Tensor drawn = Tensor.randn(logits.shape()).to(logits.device());
        logits = logits.add(drawn.mul(noise));
      }
      return kept(logits, top).softmax(-1);
    }

    @Override
    public Map<String, Tensor> parameters() {
      return Map.of("weight", weight);
    }
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
   * @throws IllegalArgumentException if it is to keep more experts than there are
   */
  static Gate create(GateConfig config, GateSizes sizes, long seed, Device device) {
    return of(config, sizes, GateWeights.create(config, sizes, seed, device));
  }

  /**
   * A gate over given weights, which it owns from now on; all but running statistics become
   * trainable.
   *
   * @throws IllegalArgumentException naming what is missing, unexpected or of another shape
   */
  static Gate of(GateConfig config, GateSizes sizes, Map<String, Tensor> weights) {
    int top = config.kept(sizes.experts());
    Map<String, Tensor> ordered = GateWeights.layout(config, sizes).require(weights, owner(config));
    ordered.forEach((name, weight) -> weight.requiresGrad(!ResidualGate.isStatistic(name)));
    return switch (config) {
      case GateConfig.Linear _ -> new Linear(sizes, ordered.get("weight"));
      case GateConfig.PerLayer _ -> new PerLayer(sizes, ordered.get("weight"));
      case GateConfig.Mlp mlp -> new Mlp(mlp, sizes, Collections.unmodifiableMap(ordered));
      case GateConfig.TopK _ -> new TopK(sizes, top, ordered.get("weight"));
      case GateConfig.Noisy noisy -> new Noisy(sizes, top, noisy.noise(), ordered.get("weight"));
      case GateConfig.Residual _ -> new ResidualGate(sizes, ordered);
    };
  }

  /** Whose weights they are, in messages. */
  private static String owner(GateConfig config) {
    return "a gate of kind " + GateMetadata.name(config);
  }

  /** Writes all weights to a safetensors file that also says what gate it is. */
  default void save(Path file) {
    Map<String, Tensor> all = new LinkedHashMap<>(parameters());
    all.putAll(buffers());
    SafeTensors.write(file, all, GateMetadata.of(config(), sizes()));
  }

  /**
   * Reads a gate written by {@link #save}.
   *
   * @throws BadInputException if the file is not a gate, or weights are missing, unexpected or
   *     misshapen, naming them
   */
  static Gate load(Path file, Device device) {
    try (SafeTensors stored = SafeTensors.open(file)) {
      GateConfig config = GateMetadata.config(stored.metadata());
      GateSizes sizes = GateMetadata.sizes(stored.metadata());
      return of(
          config,
          sizes,
          GateWeights.layout(config, sizes).load(stored, owner(config), device, DType.F32));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }
}
