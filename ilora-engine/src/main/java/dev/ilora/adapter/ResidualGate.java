package dev.ilora.adapter;

import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The gate of the paper's released code: a residual network that convolves along the embedding's
 * elements as if they were a signal (three stages of three blocks, 16, 32 and 64 channels, the
 * length halved between stages), averages over what is left of the length, and ends in a linear
 * layer with a softmax. Kept to reproduce that code; the paper describes the linear gate. Weight
 * names are those of the released code.
 */
final class ResidualGate implements Gate {
  private static final int BLOCKS = 3;
  private static final int[] CHANNELS = {16, 32, 64};
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;

  private final GateSizes sizes;
  private final Map<String, Tensor> weights;

  ResidualGate(GateSizes sizes, Map<String, Tensor> weights) {
    this.sizes = sizes;
    this.weights = weights;
  }

  static Map<String, long[]> shapes(int experts) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("conv1.weight", new long[] {CHANNELS[0], 1, 3});
    addNorm(shapes, "bn1", CHANNELS[0]);
    int from = CHANNELS[0];
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        String name = blockName(stage, block);
        shapes.put(name + "conv1.weight", new long[] {CHANNELS[stage], from, 3});
        addNorm(shapes, name + "bn1", CHANNELS[stage]);
        shapes.put(name + "conv2.weight", new long[] {CHANNELS[stage], CHANNELS[stage], 3});
        addNorm(shapes, name + "bn2", CHANNELS[stage]);
        from = CHANNELS[stage];
      }
    }
    shapes.put("gate.fc.weight", new long[] {experts, from});
    shapes.put("gate.fc.bias", new long[] {experts});
    return shapes;
  }

  private static String blockName(int stage, int block) {
    return "layer" + (stage + 1) + "." + block + ".";
  }

  private static void addNorm(Map<String, long[]> shapes, String name, int channels) {
    for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
      shapes.put(name + "." + part, new long[] {channels});
    }
  }

  static boolean isStatistic(String name) {
    return name.endsWith(".running_mean") || name.endsWith(".running_var");
  }

  static boolean isNorm(String name) {
    return name.startsWith("bn1.") || name.contains(".bn");
  }

  static Tensor initialNorm(String name, long[] shape) {
    boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
    return Tensor.zeros(shape).fillInPlace(one ? 1 : 0);
  }

  @Override
  public GateConfig config() {
    return new GateConfig.Residual();
  }

  @Override
  public GateSizes sizes() {
    return sizes;
  }

  /** Running statistics follow every batch: two threads would write them at once. */
  @Override
  public boolean sharable() {
    return false;
  }

  @Override
  public Tensor weights(Tensor guidance, boolean training) {
    Tensor signal =
        norm(convolve(sizes.requireWidth(guidance).unsqueeze(1), "conv1", 1), "bn1", training)
            .relu();
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        signal = block(signal, blockName(stage, block), stride, training);
      }
    }
    return signal
        .mean(-1, false)
        .linear(weights.get("gate.fc.weight"), weights.get("gate.fc.bias"))
        .softmax(-1);
  }

  private Tensor block(Tensor signal, String name, int stride, boolean training) {
    Tensor inner = norm(convolve(signal, name + "conv1", stride), name + "bn1", training).relu();
    Tensor outer = norm(convolve(inner, name + "conv2", 1), name + "bn2", training);
    return outer.add(stride == 1 ? signal : shortcut(signal)).relu();
  }

  /** Every second element, with as many zero channels again, half of them before and half after. */
  private static Tensor shortcut(Tensor signal) {
    Tensor halved = signal.slice(2, 0, signal.size(2), 2);
    long channels = signal.size(1);
    Tensor zeros =
        Tensor.zeros(halved.dtype(), halved.device(), halved.size(0), channels / 2, halved.size(2));
    return Tensor.cat(java.util.List.of(zeros, halved, zeros), 1);
  }

  private Tensor convolve(Tensor signal, String name, int stride) {
    return Layers.conv1d(signal, weights.get(name + ".weight"), stride, 1);
  }

  private Tensor norm(Tensor signal, String name, boolean training) {
    return Layers.batchNorm(
        signal,
        weights.get(name + ".weight"),
        weights.get(name + ".bias"),
        weights.get(name + ".running_mean"),
        weights.get(name + ".running_var"),
        training,
        MOMENTUM,
        EPSILON);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return only(false);
  }

  @Override
  public Map<String, Tensor> buffers() {
    return only(true);
  }

  private Map<String, Tensor> only(boolean statistics) {
    Map<String, Tensor> chosen = new LinkedHashMap<>(weights);
    chosen.keySet().removeIf(name -> isStatistic(name) != statistics);
    return Collections.unmodifiableMap(chosen);
  }
}
