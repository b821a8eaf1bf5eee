package dev.ilora.convert;

import static dev.ilora.convert.ModelMetadata.refused;

import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufArchitecture;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.GgufWriter;
import dev.ilora.gguf.RotaryFactors;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.Rope;
import dev.ilora.llm.RopeScaling;
import dev.ilora.llm.Sight;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a GGUF file says of a decoder's positions and windows. */
final class PositionsMetadata {
  private final Path folder;
  private final LlamaConfig config;
  private final GgufArchitecture architecture;
  private final List<Sight> layers;
  private final Map<String, Object> entries = new LinkedHashMap<>();

  PositionsMetadata(Path folder, LlamaConfig config, GgufArchitecture architecture) {
    this.folder = folder;
    this.config = config;
    this.architecture = architecture;
    this.layers = config.form().layers();
  }

  /**
   * The entries, in order.
   *
   * @throws BadInputException if there are no keys for them
   */
  Map<String, Object> entries() {
    requirePositionsOfEachLayer();
    putWindows();
    Rope rope = global();
    if (rope.width() != config.headWidth() && architecture != GgufArchitecture.PHI3) {
      throw refused(folder, "partial_rotary_factor");
    }
    put("rope.dimension_count", rope.width());
    put("rope.freq_base", single(rope, "rope_theta"));
    putScaling(rope.scaling());
    return entries;
  }

  private void put(String key, Object value) {
    entries.put(architecture.key(key), value);
  }

  private boolean isWindowed(int layer) {
    return layers.get(layer).window() != Sight.ALL;
  }

  private IntStream numbers() {
    return IntStream.range(0, layers.size());
  }

  /** Of layers that see everything, or of those with windows where Gemma's have another kind. */
  private Optional<Rope> rope(boolean windowed) {
    return numbers()
        .filter(layer -> isWindowed(layer) == windowed)
        .mapToObj(layer -> layers.get(layer).rope())
        .filter(rope -> rope.width() > 0)
        .findFirst();
  }

  private Rope global() {
    return rope(false).or(() -> rope(true)).orElseThrow(() -> refused(folder, "no_rope_layers"));
  }

  private double single(Rope rope, String field) {
    if (rope.theta() != (float) rope.theta()) {
      throw refused(folder, "%s %s, which is no number of 32 bits,".formatted(field, rope.theta()));
    }
    return rope.theta();
  }

  /** Files do not say which layers have none. */
  private void requirePositionsOfEachLayer() {
    int interval =
        architecture == GgufArchitecture.SMOLLM3
            ? GgufArchitecture.NO_ROPE_INTERVAL
            : Integer.MAX_VALUE;
    boolean usual =
        numbers()
            .allMatch(
                layer -> layers.get(layer).rope().width() > 0 == ((layer + 1) % interval != 0));
    if (!usual) {
      throw refused(folder, "no_rope_layers other than every fourth, which readers assume,");
    }
  }

  private void putWindows() {
    Optional<Sight> near = numbers().filter(this::isWindowed).mapToObj(layers::get).findFirst();
    switch (architecture) {
      case GEMMA3 -> {
        if (near.isPresent()) {
          put("attention.sliding_window", near.get().window());
          put("attention.sliding_window_pattern", pattern());
          Rope local = near.get().rope();
          if (!(local.scaling() instanceof RopeScaling.None)) {
            throw refused(folder, "rope_scaling of layers with windows");
          }
          put("rope.freq_base_swa", single(local, "rope_local_base_freq"));
        }
      }
      case PHI3 -> {
        if (near.isPresent() && !numbers().allMatch(this::isWindowed)) {
          throw refused(folder, "layer_types that differ");
        }
        put("attention.sliding_window", near.map(Sight::window).orElse(0));
      }
      case LLAMA, QWEN2, QWEN3, SMOLLM3, OLMO2, GRANITE -> {
        if (near.isPresent()) {
          throw refused(folder, "sliding_window");
        }
      }
    }
  }

  /** The number that divides the numbers, from 1, of layers without a window; 0 for no layer. */
  private int pattern() {
    int pattern =
        numbers().filter(layer -> !isWindowed(layer)).map(layer -> layer + 1).findFirst().orElse(0);
    boolean regular =
        pattern == 0
            || numbers().allMatch(layer -> isWindowed(layer) == ((layer + 1) % pattern != 0));
    if (!regular) {
      throw refused(folder, "layer_types that do not repeat");
    }
    return pattern;
  }

  private void putScaling(RopeScaling scaling) {
    switch (scaling) {
      case RopeScaling.None _ -> {
        if (architecture == GgufArchitecture.PHI3) {
          put("rope.scaling.original_context_length", config.maxPositions());
        }
      }
      case RopeScaling.Linear(double factor) -> {
        put("rope.scaling.type", "linear");
        put("rope.scaling.factor", factor);
      }
      case RopeScaling.Llama3 llama3 -> {
        if (architecture != GgufArchitecture.LLAMA
            || !RotaryFactors.canSay(
                llama3.lowFrequencyFactor(),
                llama3.highFrequencyFactor(),
                llama3.originalContext())) {
          throw refused(folder, "rope_scaling llama3 with other settings than Llama 3's");
        }
      }
      case RopeScaling.LongRope longRope -> {
        if (architecture != GgufArchitecture.PHI3) {
          throw refused(folder, "rope_scaling longrope");
        }
        put("rope.scaling.original_context_length", longRope.originalContext());
        put("rope.scaling.attn_factor", longRope.amplitude());
      }
      case RopeScaling.Dynamic _ -> throw refused(folder, "rope_scaling dynamic");
      case RopeScaling.Yarn _ -> throw refused(folder, "rope_scaling yarn");
    }
  }

  /** Adds the divisors of angles that stand in tensors. */
  void addFactors(GgufWriter writer) {
    Rope rope = global();
    switch (rope.scaling()) {
      case RopeScaling.Llama3 scaling ->
          add(
              writer,
              RotaryFactors.TENSOR,
              RotaryFactors.of(rope.theta(), config.headWidth(), scaling.factor()));
      case RopeScaling.LongRope scaling -> {
        add(writer, RotaryFactors.LONG, floats(scaling.longFactors()));
        add(writer, RotaryFactors.SHORT, floats(scaling.shortFactors()));
      }
      case RopeScaling.None _, RopeScaling.Linear _, RopeScaling.Dynamic _, RopeScaling.Yarn _ -> {}
    }
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static void add(GgufWriter writer, String name, float[] factors) {
    writer.tensor(
        name, GgufType.F32, new long[] {factors.length}, () -> Tensor.of(factors, factors.length));
  }
}
