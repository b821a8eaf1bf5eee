package dev.ilora.recommender;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The named weights of one network, F32, exactly those its architecture asks for. */
final class Weights {
  private final Map<String, Tensor> tensors;

  Weights(Map<String, Tensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  Map<String, Tensor> all() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * Reads all weights of a file.
   *
   * @throws BadInputException naming every weight that is missing, unexpected or of another shape
   */
  static Weights load(
      Path path, SafeTensors file, Map<String, long[]> shapes, String model, Device device) {
    List<String> mistakes = new ArrayList<>();
    shapes.forEach((name, shape) -> check(file, name, shape, mistakes));
    file.names().stream()
        .filter(name -> !shapes.containsKey(name))
        .forEach(name -> mistakes.add("unexpected weight '" + name + "'"));
    if (!mistakes.isEmpty()) {
      throw new BadInputException(
          path, "not the weights of this " + model + ": " + String.join("; ", mistakes));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.keySet().forEach(name -> tensors.put(name, file.load(name, device, DType.F32)));
    return new Weights(tensors);
  }

  private static void check(SafeTensors file, String name, long[] shape, List<String> mistakes) {
    if (!file.names().contains(name)) {
      mistakes.add("missing weight '" + name + "'");
    } else if (!Arrays.equals(file.shape(name), shape)) {
      mistakes.add(
          "weight '%s': expected shape %s, got %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(file.shape(name))));
    } else if (!file.dtype(name).isFloating()) {
      mistakes.add(
          "weight '%s': expected a floating type, got %s".formatted(name, file.dtype(name)));
    }
  }
}
