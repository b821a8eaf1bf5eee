package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Reading weights that must be exactly what is expected. */
final class StrictLoading {
  private StrictLoading() {}

  static Tensor tensor(Path file, SafeTensors stored, String name, long[] shape) {
    if (!stored.names().contains(name)) {
      throw new BadInputException(file, "lacks the tensor '" + name + "'");
    }
    if (!Arrays.equals(stored.shape(name), shape)) {
      throw new BadInputException(
          file,
          "tensor '%s': expected shape %s, got %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(stored.shape(name))));
    }
    return stored.load(name);
  }

  static void nothingElse(Path file, SafeTensors stored, Set<String> expected) {
    for (String name : stored.names()) {
      if (!expected.contains(name)) {
        throw new BadInputException(file, "unexpected tensor '" + name + "'");
      }
    }
  }

  static double number(Path file, SafeTensors stored, String name) {
    String text = stored.metadata().get(name);
    try {
      return Double.parseDouble(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          file, "metadata '%s': expected a number, got '%s'".formatted(name, text));
    }
  }
}
