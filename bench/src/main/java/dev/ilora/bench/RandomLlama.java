package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import java.util.EnumMap;
import java.util.Map;

/** One frozen language model with random weights, in whatever types are asked for. */
final class RandomLlama implements AutoCloseable {
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);

  RandomLlama(LlamaConfig config, long seed) {
    byType.put(DType.F32, Llama.create(config, seed, Device.CPU).trainable(false));
  }

  /** The model in a type; made on first use. */
  Llama of(DType dtype) {
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
  }
}
