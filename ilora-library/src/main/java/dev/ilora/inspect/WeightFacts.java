package dev.ilora.inspect;

import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.LlamaLayout;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.StoredTensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model's weights.
 *
 * @param parameters how many numbers are loaded
 * @param stored by type, most bytes first
 * @param bytesAsBf16 memory they take when they are held in bf16
 * @param bytesAsFp32 memory they take when they are held in fp32
 */
public record WeightFacts(
    long parameters, List<Stored> stored, long bytesAsBf16, long bytesAsFp32) {

  /** Tensors of one type on disk. */
  public record Stored(String type, int tensors, long bytes) {}

  static WeightFacts of(LlamaConfig config, StoredTensors weights) {
    Map<String, Stored> types = new TreeMap<>();
    for (String name : weights.names()) {
      StoredTensors.Storage one = weights.storage(name);
      types.merge(
          one.type(),
          new Stored(one.type(), 1, one.bytes()),
          (a, b) -> new Stored(a.type, a.tensors + b.tensors, a.bytes + b.bytes));
    }
    List<Stored> sorted = new ArrayList<>(types.values());
    sorted.sort(Comparator.comparingLong(Stored::bytes).reversed());
    long parameters = parameters(config);
    return new WeightFacts(
        parameters, sorted, parameters * DType.BF16.bytes(), parameters * DType.F32.bytes());
  }

  private static long parameters(LlamaConfig config) {
    List<Long> sizes = new ArrayList<>();
    LlamaLayout.of(config)
        .forEach(
            (_, shape) -> {
              long size = 1;
              for (long one : shape) {
                size *= one;
              }
              sizes.add(size);
            });
    return sizes.stream().mapToLong(Long::longValue).sum();
  }
}
