package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads LoRA in whichever form PEFT wrote it.
 *
 * <p>In memory all modules have one rank and one scale, and each projection its own matrices. What
 * a file has otherwise is put into that form without any change of what it computes: smaller ranks
 * get rows and columns of zeros, which training leaves zero; a module's own scale is multiplied
 * into its B; of a fused matrix every projection gets A and its rows of B.
 */
final class LoraWeights {
  private final LoraConfig config;
  private final DecoderShape shape;
  private final Device device;
  private final List<LoraModule> modules;

  private LoraWeights(LoraConfig config, DecoderShape shape, Device device, boolean fused) {
    this.config = config;
    this.shape = shape;
    this.device = device;
    this.modules = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LoraModule.Kind kind : LoraModule.Kind.values()) {
        LoraModule module = new LoraModule(layer, kind);
        if (kind.isOf(fused) && config.targets().includes(module)) {
          modules.add(module);
        }
      }
    }
  }

  /**
   * @throws BadInputException if the file does not hold exactly the weights of the targets
   */
  static Adapters load(SafeTensors stored, LoraConfig config, DecoderShape shape, Device device) {
    boolean fused =
        stored.names().stream()
            .anyMatch(
                name ->
                    Stream.of(LoraModule.Kind.values())
                        .filter(LoraModule.Kind::isFused)
                        .anyMatch(kind -> name.contains("." + kind.path() + ".")));
    LoraWeights weights = new LoraWeights(config, shape, device, fused);
    if (weights.modules.isEmpty()) {
      throw new BadInputException(
          stored.path(),
          "target_modules of its configuration name nothing in the base model's %s layers"
              .formatted(shape.layers()));
    }
    Map<String, Tensor> loaded = weights.layout().load(stored, Adapters.OWNER, device, DType.F32);
    return weights.isEven() ? weights.asStored(loaded) : weights.evened(loaded);
  }

  private int rank(LoraModule module) {
    return config.rank(module);
  }

  private WeightLayout layout() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (LoraModule module : modules) {
      long rank = rank(module);
      long output = module.outputWidth(shape);
      shapes.put(module.weight("lora_A.weight"), new long[] {rank, module.inputWidth(shape)});
      shapes.put(module.weight("lora_B.weight"), new long[] {output, rank});
      if (isDecomposed()) {
        shapes.put(module.weight("lora_magnitude_vector"), new long[] {output});
      }
    }
    return WeightLayout.of(shapes);
  }

  private boolean isDecomposed() {
    return config.declared().form().decomposed();
  }

  /** Whether all modules are single projections with the rank and alpha of the configuration. */
  private boolean isEven() {
    return config.isEven() && modules.stream().noneMatch(module -> module.kind().isFused());
  }

  private Adapters asStored(Map<String, Tensor> loaded) {
    return Adapters.ofSome(config.declared(), shape, trainable(loaded));
  }

  private Adapters evened(Map<String, Tensor> loaded) {
    int most = modules.stream().mapToInt(this::rank).max().orElseThrow();
    Map<String, Tensor> even = new LinkedHashMap<>();
    try (var scope = Scope.open()) {
      for (LoraModule module : modules) {
        Tensor down = loaded.get(module.weight("lora_A.weight"));
        Tensor up = loaded.get(module.weight("lora_B.weight")).mul(config.scale(module));
        Tensor magnitude = loaded.get(module.weight("lora_magnitude_vector"));
        long first = 0;
        for (Projection part : module.kind().parts()) {
          long end = first + shape.outputOf(part);
          int layer = module.layer();
          even.put(Adapters.downName(layer, part), scope.keep(widened(down, 0, most)));
          even.put(
              Adapters.upName(layer, part), scope.keep(widened(up.slice(0, first, end), 1, most)));
          if (magnitude != null) {
            even.put(
                Adapters.magnitudeName(layer, part),
                scope.keep(magnitude.slice(0, first, end).copy()));
          }
          first = end;
        }
      }
    }
    loaded.values().forEach(Tensor::close);
    LoraForm form = new LoraForm(false, isDecomposed());
    AdapterConfig declared = config.declared();
    AdapterConfig same =
        AdapterConfig.lora(declared.targets(), most, most, declared.dropout()).in(form);
    return Adapters.ofSome(same, shape, trainable(even));
  }

  /** A matrix of its own with zeros after the ranks there are. */
  private Tensor widened(Tensor matrix, int dimension, long rank) {
    long missing = rank - matrix.size(dimension);
    if (missing == 0) {
      return matrix.copy();
    }
    long[] zeros = matrix.shape();
    zeros[dimension] = missing;
    return Tensor.cat(List.of(matrix, Tensor.zeros(DType.F32, device, zeros)), dimension);
  }

  private static Map<String, Tensor> trainable(Map<String, Tensor> weights) {
    weights.values().forEach(weight -> weight.requiresGrad(true));
    return weights;
  }
}
