package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.FrozenWeights;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufModel;
import dev.ilora.nn.Initialisers;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A decoder: token embeddings, layers of rotary grouped-query attention and gated feed-forward, a
 * norm, an output head. {@link Family} lists the published ones it computes, {@link DecoderForm} in
 * what they differ. It takes embeddings rather than tokens, so that slots of a prompt can hold
 * vectors of another origin, and adapters as an argument of each pass.
 *
 * <p>B sequences, T tokens, C width, V vocabulary. Weights are frozen after {@link #load} and
 * trainable after {@link #create}; they belong to the scope open at that time, or to the caller.
 *
 * <p>Source: Touvron et al., arXiv:2302.13971 and 2307.09288; weight names are Hugging Face's.
 */
public final class Llama implements AutoCloseable {
  /** Rows of a 16-bit head that are widened at a time. */
  private static final int SCORED_AT_ONCE = 8192;

  private final LlamaConfig config;
  private final DecoderWeights weights;
  private final List<LlamaBlock> blocks = new ArrayList<>();
  private final List<LlamaBlock> decoding = new ArrayList<>();

  private Llama(LlamaConfig config, DecoderWeights weights) {
    this.config = config;
    this.weights = weights;
    Map<String, Weight> coded = weights.decoding();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new LlamaBlock(layer, config, weights.held()));
      decoding.add(new LlamaBlock(layer, config, coded));
    }
  }

  /**
   * The same weights with gradients of their own, so that several threads can run passes and
   * backward passes over one model at the same time; sum the gradients afterwards. A change of the
   * weights in place is a change of both.
   */
  public Llama shadow() {
    return new Llama(config, weights.shadow());
  }

  /**
   * Loads a Hugging Face folder, that is {@code config.json} and one or several safetensors files,
   * or a GGUF file.
   *
   * @param dtype type the weights are held and multiplied in, F32 or BF16
   * @return a frozen model
   * @throws BadInputException if the configuration is not supported, or weights are missing,
   *     unexpected, misshapen or not finite, naming them, or the head is said to be the embeddings
   *     and is not
   */
  public static Llama load(Path folder, Device device, DType dtype) {
    return load(folder, device, dtype, Optional.empty());
  }

  /**
   * As {@link #load(Path, Device, DType)}, with matrices held in another form than they are
   * multiplied in: they are computed in that type whenever they are used.
   *
   * @param dtype type the weights are multiplied in, F32 or BF16
   * @param form how matrices are held; in that type where absent
   * @throws BadInputException also if a value is too large for the form
   */
  public static Llama load(Path folder, Device device, DType dtype, Optional<WeightForm> form) {
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(folder));
    try (StoredTensors stored = stored(folder)) {
      return load(config, stored, device, dtype, form);
    }
  }

  /**
   * As {@link #load(Path, Device, DType, Optional)}, of weights that come from anywhere.
   *
   * @param stored by the names of {@link LlamaLayout}, or fused where the family's files are
   */
  public static Llama load(
      LlamaConfig config,
      StoredTensors stored,
      Device device,
      DType dtype,
      Optional<WeightForm> form) {
    return new Llama(config, DecoderWeights.load(config, stored, device, dtype, form));
  }

  /**
   * The weights of a folder or a GGUF file as they are stored.
   *
   * @throws BadInputException if there are none
   */
  public static StoredTensors stored(Path model) {
    return GgufFile.isNamed(model) ? GgufModel.open(model) : SafeTensors.open(model);
  }

  /**
   * Bytes that the weights of a model take as they are held, without reading them.
   *
   * @param model a folder or GGUF file, see {@link #load(Path, Device, DType, Optional)}
   * @throws BadInputException if the configuration is not supported, or a weight is missing
   */
  public static long weightBytes(Path model, DType dtype, Optional<WeightForm> form) {
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(model));
    try (StoredTensors stored = stored(model)) {
      LlamaLayout.require(config, stored);
      return DecoderWeights.bytes(config, stored, dtype, form);
    }
  }

  /**
   * A new trainable model in F32: normal weights of deviation 0.02, those that write into the
   * residual stream divided by √(2L) (Radford et al., 2019), norms one, biases zero.
   *
   * @param seed decides the values alone, whatever the device
   */
  public static Llama create(LlamaConfig config, long seed, Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    Map<String, Tensor> weights =
        LlamaLayout.of(config)
            .create(device, (name, shape) -> initial(config, name, shape, random));
    return of(config, weights);
  }

  /**
   * A trainable model with given weights, such as a pretraining's initial ones.
   *
   * @param weights by the names and of the shapes of {@link LlamaLayout}, owned by the model
   */
  public static Llama of(LlamaConfig config, Map<String, Tensor> weights) {
    return new Llama(config, DecoderWeights.of(weights)).trainable(true);
  }

  private static Tensor initial(
      LlamaConfig config, String name, long[] shape, RandomGenerator random) {
    if (shape.length == 1) {
      boolean zero = name.endsWith("bias") || config.form().zeroCentredNorms();
      return Tensor.zeros(shape).fillInPlace(zero ? 0 : 1);
    }
    boolean writes = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    double deviation = writes ? 0.02 / Math.sqrt(2.0 * config.layers()) : 0.02;
    return Initialisers.normal(random, deviation, shape);
  }

  /**
   * Writes {@code config.json} and {@code model.safetensors}, creating the folder.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public void save(Path folder) {
    save(folder, dtype());
  }

  /** As {@link #save(Path)}, in another type. */
  public void save(Path folder, DType dtype) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be created: " + e.getMessage(), e);
    }
    config.write(folder.resolve("config.json"), dtype);
    try (var _ = Scope.open()) {
      Map<String, Tensor> converted = new LinkedHashMap<>();
      published().forEach((name, weight) -> converted.put(name, weight.detach().to(dtype)));
      SafeTensors.write(folder.resolve("model.safetensors"), converted, Map.of("format", "pt"));
    }
  }

  public LlamaConfig config() {
    return config;
  }

  /**
   * All weights as a Hugging Face folder holds them: under their names there, with those joined
   * that are one matrix. In the caller's scope where they are held in another form.
   */
  public Map<String, Tensor> published() {
    return new FusedProjections(config).joined(weights.used());
  }

  /**
   * The weights that are held as they are multiplied, under their Hugging Face names, in a stable
   * order: all of them, unless the model was loaded with another form.
   */
  public Map<String, Tensor> parameters() {
    return weights.tensors();
  }

  /**
   * The table of token embeddings as it is multiplied, (V, C), in the caller's scope where it is
   * held in another form.
   */
  public Tensor embeddingTable() {
    return weights.get(DecoderWeights.EMBEDDINGS).use();
  }

  /** Bytes that all weights take as they are held. */
  public long weightBytes() {
    return weights.bytes();
  }

  /** The weights that adapters change. */
  public FrozenWeights frozenWeights() {
    return (layer, projection) -> blocks.get(layer).weight(projection).use();
  }

  public Device device() {
    return weights.norm().device();
  }

  public DType dtype() {
    return weights.norm().dtype();
  }

  /**
   * What the length T of training batches is best rounded up to with padding, so that the shapes of
   * attention come back: engines compile products in few bits anew for each shape.
   */
  public int lengthMultiple() {
    return dtype() == DType.BF16 && device().equals(Device.CPU) ? AttentionPass.BLOCK : 1;
  }

  /**
   * Lets gradients reach the weights, or freezes them.
   *
   * @throws IllegalStateException if weights are to be trained that are held in another form
   */
  public Llama trainable(boolean on) {
    weights.trainable(on);
    return this;
  }

  /** What rows of the embedding table are multiplied by, in the weights' type. */
  private double embeddingScale() {
    double scale = config.form().scales().embeddings();
    return scale == 1 ? 1 : Tensor.full(scale, dtype(), Device.CPU, 1).item();
  }

  /**
   * Embeddings of tokens.
   *
   * @param tokens I64, any shape
   * @return (..., C)
   */
  public Tensor embed(Tensor tokens) {
    Tensor rows = weights.get(DecoderWeights.EMBEDDINGS).rows(tokens);
    double scale = embeddingScale();
    return scale == 1 ? rows : rows.mul(scale);
  }

  /**
   * Runs all layers and the final norm.
   *
   * @param embeddings (B, T, C)
   * @param adaptation adapters with the expert weights of these B sequences, or {@link
   *     Adaptation#NONE}
   * @return (B, T, C); meaningless at padding
   * @throws IllegalArgumentException if a shape does not fit, naming the expected and the given
   *     shape
   */
  public Tensor hidden(Tensor embeddings, Attention attention, Adaptation adaptation) {
    return run(embeddings, attention, adaptation, null)
        .view(embeddings.size(0), embeddings.size(1), config.hiddenSize());
  }

  /**
   * As {@link #hidden}, for some positions alone: what is needed nowhere else is not computed in
   * the last layer, and nothing of known padding in any.
   *
   * @param positions flat positions b·T + t, none of them padding, I64, (P)
   * @return (P, C)
   */
  public Tensor hiddenAt(
      Tensor embeddings, Attention attention, Adaptation adaptation, Tensor positions) {
    positions.requireShape("positions", -1);
    return run(embeddings, attention, adaptation, positions);
  }

  private Tensor run(
      Tensor embeddings, Attention attention, Adaptation adaptation, Tensor selected) {
    embeddings.requireShape("embeddings", -1, -1, config.hiddenSize());
    int batch = (int) embeddings.size(0);
    int tokens = (int) embeddings.size(1);
    requireFit(adaptation, batch);
    AttentionPlan whole = AttentionPlan.of(attention, config, batch, tokens, device(), dtype());
    AttentionPlan plan = selected == null ? whole.padded() : whole;
    Tensor x =
        plan.packed(embeddings.to(dtype()).reshape((long) batch * tokens, config.hiddenSize()));
    Adaptation whose = adaptation.over(frozenWeights());
    Adaptation adapted = plan.packing() == null ? whose : whose.rows(plan.packing().rows());
    List<LlamaBlock> layers = plan.decodes() ? decoding : blocks;
    int before = selected == null ? layers.size() : layers.size() - 1;
    x = through(layers.subList(0, before), x, plan, adapted);
    if (selected != null) {
      Selection selection = Selection.of(selected.to(device()), plan);
      try (var scope = Scope.open()) {
        x = scope.keep(layers.getLast().forwardAt(x, plan, adapted, selection));
      }
    }
    if (plan.cache() != null) {
      plan.cache().advance(tokens);
    }
    return normed(x);
  }

  /**
   * Runs layers one after another. What one forms is freed before the next, or else a pass would
   * hold that of all layers at once; where a graph is recorded, the graph holds what it needs.
   */
  private static Tensor through(
      List<LlamaBlock> layers, Tensor x, AttentionPlan plan, Adaptation adaptation) {
    Tensor last = x;
    for (LlamaBlock layer : layers) {
      Tensor next;
      try (var scope = Scope.open()) {
        next = scope.keep(layer.forward(last, plan, adaptation));
      }
      if (last != x) {
        last.close();
      }
      last = next;
    }
    return last;
  }

  /** The final norm's output, divided as the logits shall be: the head then needs no scale. */
  Tensor normed(Tensor x) {
    Norm norm = new Norm(weights.norm(), config.form().zeroCentredNorms(), config.normEpsilon());
    double divisor = config.form().scales().logitsDivisor();
    Tensor normed = norm.of(x);
    return divisor == 1 ? normed : normed.div(divisor);
  }

  /**
   * Begins a training pass: what {@link #hiddenAt} gives, and gradients of the adapters, of their
   * expert weights, of the embeddings and of trained weights, see {@link TrainingPass}.
   *
   * @param embeddings (B, T, C)
   * @param positions flat positions b·T + t, I64, (P)
   * @param checkpoint whether layers are computed a second time on the way back instead of being
   *     remembered: less memory, more time
   * @throws IllegalArgumentException if a shape does not fit
   */
  public TrainingPass trainingPass(
      Tensor embeddings,
      Attention.Causal attention,
      Adaptation adaptation,
      Tensor positions,
      boolean checkpoint) {
    embeddings.requireShape("embeddings", -1, -1, config.hiddenSize());
    positions.requireShape("positions", -1);
    requireFit(adaptation, (int) embeddings.size(0));
    return new TrainingPass(this, blocks, embeddings, attention, adaptation, positions, checkpoint);
  }

  private void requireFit(Adaptation adaptation, int batch) {
    if (adaptation.prefix() != null) {
      long width = config.shape().keyValueWidth();
      adaptation.prefix().requireShape("prefix", -1, config.layers(), 2, width);
    }
    if (adaptation.shape() == null) {
      return;
    }
    if (!adaptation.shape().equals(config.shape())) {
      throw new IllegalArgumentException(
          "the adapters are for another base model: %s, this one is %s"
              .formatted(adaptation.shape(), config.shape()));
    }
    if (adaptation.sequences() != batch) {
      throw new IllegalArgumentException(
          "expert weights are for %s sequences, the batch has %s"
              .formatted(adaptation.sequences(), batch));
    }
  }

  /**
   * Scores of every token as the next one, in the weights' type: what training learns by.
   * Evaluation uses {@link #scores}.
   *
   * @param hidden from {@link #hidden} or {@link #hiddenAt}, (..., C)
   * @return (..., V), of the weights' type
   */
  public Tensor logits(Tensor hidden) {
    return head().linear(hidden, null);
  }

  /**
   * Scores of a part of the vocabulary. They are multiplied in 32 bits whatever the weights' type:
   * in 16 bits, titles that are nearly as likely would have the same score.
   *
   * @param hidden as for {@link #logits(Tensor)}
   * @param first first token
   * @param end the token after the last
   * @return (..., end - first), F32
   */
  Tensor scores(Tensor hidden, int first, int end) {
    return hidden.to(DType.F32).linear(head().rows(first, end).to(DType.F32));
  }

  /**
   * Scores of every token as the next one, as {@link #scores(Tensor, int, int)} of all.
   *
   * @param hidden as for {@link #logits(Tensor)}, (P, C)
   * @return (P, V), F32
   */
  public Tensor scores(Tensor hidden) {
    if (dtype() == DType.F32 && head() instanceof Weight.Dense) {
      return logits(hidden);
    }
    try (var scope = Scope.open()) {
      List<Tensor> parts = new ArrayList<>();
      int vocabulary = config.vocabularySize();
      for (int first = 0; first < vocabulary; first += SCORED_AT_ONCE) {
        int end = Math.min(vocabulary, first + SCORED_AT_ONCE);
        try (var part = Scope.open()) {
          parts.add(part.keep(scores(hidden, first, end)));
        }
      }
      return scope.keep(Tensor.cat(parts, -1));
    }
  }

  /**
   * Scores of one token after each position.
   *
   * @param hidden as for {@link #logits(Tensor)}, (P, C)
   * @param tokens I64, (P)
   * @return (P), F32
   */
  public Tensor logitsOf(Tensor hidden, Tensor tokens) {
    Tensor rows = head().rows(tokens).to(DType.F32);
    return hidden.to(DType.F32).unsqueeze(1).matmul(rows.unsqueeze(2)).view(-1);
  }

  /** Bytes that the first generation will keep: codes that single tokens are multiplied from. */
  public long decodingBytes() {
    return weights.decoding().values().stream().mapToLong(Weight::decodingBytes).sum();
  }

  Weight head() {
    return weights.get(config.tiedHead() ? DecoderWeights.EMBEDDINGS : DecoderWeights.HEAD);
  }

  /** A cache for this model's keys and values, see {@link KvCache}. */
  public KvCache newCache(int sequences, int capacity) {
    DType type = SelfAttention.computedIn(weights.norm());
    return new KvCache(config, sequences, capacity, device(), type);
  }

  /** Frees all weights. */
  @Override
  public void close() {
    weights.close();
  }
}
