package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.Tokenizer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A language model with random weights. */
final class RandomLlama implements BenchModel {
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);
  private final LlamaConfig config;
  private final Tokenizer tokenizer;
  private final long seed;
  private final Optional<WeightForm> form;

  /**
   * @param tokenizer closed with the model
   * @param form how matrices are held; as they are multiplied where absent
   */
  RandomLlama(LlamaConfig config, Tokenizer tokenizer, long seed, Optional<WeightForm> form) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.seed = seed;
    this.form = form;
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
    return byType.computeIfAbsent(
        dtype, type -> Llama.load(config, new RandomTensors(config, seed), Device.CPU, type, form));
  }

  @Override
  public void close() {
    byType.values().forEach(Llama::close);
    tokenizer.close();
  }
}
