package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.Tokenizer;
import java.util.EnumMap;
import java.util.Map;

/** A language model with random weights. */
final class RandomLlama implements BenchModel {
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);
  private final LlamaConfig config;
  private final Tokenizer tokenizer;

  /**
   * @param tokenizer closed with the model
   */
  RandomLlama(LlamaConfig config, Tokenizer tokenizer, long seed) {
    this.config = config;
    this.tokenizer = tokenizer;
    byType.put(DType.F32, Llama.create(config, seed, Device.CPU).trainable(false));
  }

  @Override
  public LlamaConfig config() {
    return config;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public Llama of(DType dtype) {
    return byType.computeIfAbsent(dtype, this::loaded);
  }

  private Llama loaded(DType dtype) {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      byType.get(DType.F32).save(folder.path());
      return Llama.load(folder.path(), Device.CPU, dtype);
    }
  }

  @Override
  public void close() {
    byType.values().forEach(Llama::close);
    tokenizer.close();
  }
}
