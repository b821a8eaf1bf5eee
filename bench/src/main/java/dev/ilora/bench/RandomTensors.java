package dev.ilora.bench;

import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.LlamaLayout;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Random weights of a decoder that are made when they are loaded, one at a time: normal matrices of
 * deviation 0.02, norms one, biases zero. A seed and the weight's name decide the values.
 */
final class RandomTensors implements StoredTensors {
  private static final double DEVIATION = 0.02;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final long seed;

  RandomTensors(LlamaConfig config, long seed) {
    LlamaLayout.of(config).forEach(shapes::put);
    this.seed = seed;
  }

  @Override
  public Path path() {
    return Path.of("random weights");
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public long[] shape(String name) {
    return shapes.get(name).clone();
  }

  @Override
  public DType dtype(String name) {
    return DType.F32;
  }

  @Override
  public long fileBytes() {
    return 0;
  }

  @Override
  public Tensor load(String name, Device device, DType dtype) {
    try (var scope = Scope.open()) {
      Tensor values = Tensor.zeros(shapes.get(name));
      if (values.dim() == 1) {
        values.fillInPlace(name.endsWith("bias") ? 0 : 1);
      } else {
        Torch.seed(seed * 31 + name.hashCode());
        values.normalInPlace(0, DEVIATION);
      }
      return scope.keep(values.to(dtype == null ? DType.F32 : dtype).to(device));
    }
  }

  @Override
  public void close() {}
}
