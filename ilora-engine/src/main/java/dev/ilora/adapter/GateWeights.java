package dev.ilora.adapter;

import dev.ilora.Randomness;
import dev.ilora.nn.Initialisers;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The weights of each kind of gate: names, shapes and first values. */
final class GateWeights {
  private GateWeights() {}

  /** New weights, matrices uniform within ±1/√fan-in. */
  static Map<String, Tensor> create(GateConfig config, GateSizes sizes, long seed, Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    return layout(config, sizes).create(device, (name, size) -> initial(name, size, random));
  }

  private static Tensor initial(String name, long[] shape, RandomGenerator random) {
    if (ResidualGate.isNorm(name)) {
      return ResidualGate.initialNorm(name, shape);
    }
    if (name.endsWith("bias")) {
      return Tensor.zeros(shape);
    }
    long fanIn = name.contains("conv") ? shape[1] * shape[2] : shape[shape.length - 1];
    return Initialisers.uniform(random, 1 / Math.sqrt(fanIn), shape);
  }

  /** Names and shapes, in a stable order. */
  static WeightLayout layout(GateConfig config, GateSizes sizes) {
    int experts = sizes.experts();
    int width = sizes.guidanceWidth();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    switch (config) {
      case GateConfig.Linear _, GateConfig.TopK _, GateConfig.Noisy _ ->
          shapes.put("weight", new long[] {experts, width});
      case GateConfig.PerLayer _ ->
          shapes.put("weight", new long[] {sizes.layers(), experts, width});
      case GateConfig.Mlp(int hidden) -> {
        shapes.put("hidden.weight", new long[] {hidden, width});
        shapes.put("hidden.bias", new long[] {hidden});
        shapes.put("output.weight", new long[] {experts, hidden});
        shapes.put("output.bias", new long[] {experts});
      }
      case GateConfig.Residual _ -> shapes.putAll(ResidualGate.shapes(experts));
    }
    return WeightLayout.of(shapes);
  }
}
