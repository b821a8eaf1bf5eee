package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** One frozen language model with random weights, in whatever types are asked for. */
final class RandomLlama implements AutoCloseable {
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);
  private final LlamaConfig config;
  private final long seed;
  private final Optional<WeightForm> form;

  /**
   * @param form how matrices are held; as they are multiplied where absent
   */
  RandomLlama(LlamaConfig config, long seed, Optional<WeightForm> form) {
    this.config = config;
    this.seed = seed;
    this.form = form;
  }

  /** The model in a type; made on first use. */
  Llama of(DType dtype) {
    return byType.computeIfAbsent(
        dtype, type -> Llama.load(config, new RandomTensors(config, seed), Device.CPU, type, form));
  }

  @Override
  public void close() {
    byType.values().forEach(Llama::close);
  }
}
