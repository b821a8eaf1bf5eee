package dev.ilora.bench;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** A language model from a Hugging Face folder or a GGUF file. */
final class StoredLlama implements BenchModel {
  private final Path model;
  private final LlamaConfig config;
  private final Tokenizer tokenizer;
  private final Map<DType, Llama> byType = new EnumMap<>(DType.class);

  StoredLlama(Path model) {
    this.model = model;
    this.config = LlamaConfig.read(LlamaConfig.fileOf(model));
    this.tokenizer = Tokenizer.open(model);
    tokenizer.requireEmbeddings(config.vocabularySize());
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
        dtype, type -> Llama.load(model, Device.CPU, type).trainable(false));
  }

  @Override
  public void close() {
    byType.values().forEach(Llama::close);
    tokenizer.close();
  }
}
