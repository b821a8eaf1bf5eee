package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All weights of a decoder by the names of {@link LlamaLayout}, as they are held.
 *
 * @param held in the order of the layout
 */
record DecoderWeights(Map<String, Weight> held) {
  static final String EMBEDDINGS = "model.embed_tokens.weight";
  static final String HEAD = "lm_head.weight";
  static final String NORM = "model.norm.weight";

  DecoderWeights {
    held = Collections.unmodifiableMap(held);
  }

  /** Weights that are held as they are multiplied. */
  static DecoderWeights of(Map<String, Tensor> tensors) {
    Map<String, Weight> weights = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> weights.put(name, new Weight.Dense(tensor)));
    return new DecoderWeights(weights);
  }

  /** See {@link Llama#load(LlamaConfig, StoredTensors, Device, DType, Optional)}. */
  static DecoderWeights load(
      LlamaConfig config,
      StoredTensors stored,
      Device device,
      DType dtype,
      Optional<WeightForm> form) {
    FusedProjections fused = new FusedProjections(config);
    WeightLayout onDisk = fused.onDisk();
    onDisk.require(stored, LlamaLayout.owner(stored.path()));
    WeightLoader loader = new WeightLoader(stored, device, dtype, form);
    Map<String, Weight> loaded = new LinkedHashMap<>();
    onDisk.names().forEach(name -> loaded.put(name, loader.load(name)));
    DecoderWeights weights = new DecoderWeights(fused.split(loaded));
    if (config.tiedHead() && stored.names().contains(HEAD)) {
      requireTied(loader, weights.get(EMBEDDINGS));
    }
    return weights;
  }

  /** Bytes that {@link #load} will hold, without reading a weight. */
  static long bytes(
      LlamaConfig config, StoredTensors stored, DType dtype, Optional<WeightForm> form) {
    WeightLoader loader = new WeightLoader(stored, Device.CPU, dtype, form);
    return new FusedProjections(config).onDisk().names().stream().mapToLong(loader::bytes).sum();
  }

  /** A head stored beside tied embeddings repeats them; another one was trained to be used. */
  private static void requireTied(WeightLoader loader, Weight embeddings) {
    try (var _ = Scope.open()) {
      if (!loader.load(HEAD).use().hasValuesOf(embeddings.use())) {
        throw new BadInputException(
            loader.stored().path().resolve("config.json"),
            "tie_word_embeddings is true, but the folder holds a %s that differs from %s: set it to false to use that head, or take the head out of the file"
                .formatted(HEAD, EMBEDDINGS));
      }
    }
  }

  /** The same with gradients of their own. */
  DecoderWeights shadow() {
    Map<String, Weight> shadows = new LinkedHashMap<>(held);
    shadows.putAll(of(SharedWeights.shadows(tensors())).held());
    return new DecoderWeights(shadows);
  }

  Weight get(String name) {
    return held.get(name);
  }

  /** Of the last norm; it tells the type and the device of products. */
  Tensor norm() {
    return get(NORM).use();
  }

  /** Those that are held as they are multiplied. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    held.forEach(
        (name, weight) -> {
          if (weight instanceof Weight.Dense(Tensor tensor)) {
            tensors.put(name, tensor);
          }
        });
    return Collections.unmodifiableMap(tensors);
  }

  /** All of them as they are multiplied, in the caller's scope. */
  Map<String, Tensor> used() {
    Map<String, Tensor> used = new LinkedHashMap<>();
    held.forEach((name, weight) -> used.put(name, weight.use()));
    return used;
  }

  /** The same for decoding, see {@link Weight#decoding}. */
  Map<String, Weight> decoding() {
    Map<String, Weight> decoding = new LinkedHashMap<>();
    held.forEach((name, weight) -> decoding.put(name, weight.decoding()));
    return decoding;
  }

  /** Lets gradients reach them, or freezes them; see {@link Llama#trainable}. */
  void trainable(boolean on) {
    Map<String, Tensor> tensors = tensors();
    if (on && tensors.size() < held.size()) {
      throw new IllegalStateException(
          "%s of %s weights are held in a form that cannot be trained"
              .formatted(held.size() - tensors.size(), held.size()));
    }
    tensors.values().forEach(weight -> weight.requiresGrad(on));
  }

  long bytes() {
    return held.values().stream().mapToLong(Weight::bytes).sum();
  }

  void close() {
    held.values().forEach(Weight::close);
  }
}
