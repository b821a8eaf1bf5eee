package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The frozen language model of a bench, in whatever types are asked for. */
final class BenchModel implements AutoCloseable {
  private final LlamaConfig config;
  private final Tokenizer tokenizer;
  private final Function<DType, Llama> load;
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);

  private BenchModel(LlamaConfig config, Tokenizer tokenizer, Function<DType, Llama> load) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.load = load;
  }

  /**
   * One with random weights.
   *
   * @param tokenizer closed with the model
   * @param form how matrices are held; as they are multiplied where absent
   */
  static BenchModel random(
      LlamaConfig config, Tokenizer tokenizer, long seed, Optional<WeightForm> form) {
    return new BenchModel(
        config,
        tokenizer,
        type -> Llama.load(config, new RandomTensors(config, seed), Device.CPU, type, form));
  }

  /**
   * One from a Hugging Face folder or a GGUF file.
   *
   * @param form how matrices are held; as they are multiplied where absent
   */
  static BenchModel stored(Path model, Optional<WeightForm> form) {
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(model));
    Tokenizer tokenizer = Tokenizer.open(model);
    tokenizer.requireEmbeddings(config.vocabularySize());
    return new BenchModel(
        config, tokenizer, type -> Llama.load(model, Device.CPU, type, form).trainable(false));
  }

  /** Its sizes. */
  LlamaConfig config() {
    return config;
  }

  /** What makes tokens of texts. */
  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The model in a type; made or loaded on first use. */
  Llama of(DType dtype) {
    return byType.computeIfAbsent(dtype, load);
  }

  @Override
  public void close() {
    byType.values().forEach(Llama::close);
    tokenizer.close();
  }
}
