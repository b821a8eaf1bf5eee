package dev.ilora.llm;

import dev.ilora.adapter.Projection;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Projections that files hold as one matrix, one below the other. In memory each has its own name,
 * so that adapters and passes need not know: the parts are views of the rows that were read.
 */
final class FusedProjections {
  private static final Map<String, List<Projection>> FUSED =
      Map.of(
          "self_attn.qkv_proj",
          List.of(Projection.Q_PROJ, Projection.K_PROJ, Projection.V_PROJ),
          "mlp.gate_up_proj",
          List.of(Projection.GATE_PROJ, Projection.UP_PROJ));

  private final LlamaConfig config;

  FusedProjections(LlamaConfig config) {
    this.config = config;
  }

  /** Names and shapes of the weights in files. */
  WeightLayout onDisk() {
    if (!config.family().fusedOnDisk()) {
      return LlamaLayout.of(config);
    }
    Map<String, long[]> shapes = new LinkedHashMap<>();
    LlamaLayout.of(config).forEach(shapes::put);
    for (int layer = 0; layer < config.layers(); layer++) {
      for (var fused : FUSED.entrySet()) {
        long rows = 0;
        for (Projection part : fused.getValue()) {
          rows += shapes.remove(name(layer, part.path()))[0];
        }
        shapes.put(name(layer, fused.getKey()), new long[] {rows, config.hiddenSize()});
      }
    }
    return LlamaLayout.ignoringRedundant(shapes);
  }

  private static String name(int layer, String path) {
    return "model.layers." + layer + "." + path + ".weight";
  }

  /** Weights of a file by the names of {@link LlamaLayout}. */
  Map<String, Weight> split(Map<String, Weight> stored) {
    if (!config.family().fusedOnDisk()) {
      return stored;
    }
    Map<String, Weight> weights = new LinkedHashMap<>(stored);
    for (int layer = 0; layer < config.layers(); layer++) {
      for (var fused : FUSED.entrySet()) {
        Weight all = weights.remove(name(layer, fused.getKey()));
        long from = 0;
        for (Projection part : fused.getValue()) {
          long to = from + config.shape().outputOf(part);
          weights.put(name(layer, part.path()), all.part(from, to));
          from = to;
        }
        all.close();
      }
    }
    Map<String, Weight> ordered = new LinkedHashMap<>();
    LlamaLayout.of(config).names().forEach(name -> ordered.put(name, weights.get(name)));
    return ordered;
  }

  /** The opposite of {@link #split}. */
  Map<String, Tensor> joined(Map<String, Tensor> weights) {
    if (!config.family().fusedOnDisk()) {
      return weights;
    }
    Map<String, Tensor> stored = new LinkedHashMap<>(weights);
    for (int layer = 0; layer < config.layers(); layer++) {
      for (var fused : FUSED.entrySet()) {
        List<Tensor> parts = new ArrayList<>();
        for (Projection part : fused.getValue()) {
          parts.add(stored.remove(name(layer, part.path())).detach());
        }
        stored.put(name(layer, fused.getKey()), Tensor.cat(parts, 0));
      }
    }
    return stored;
  }
}
