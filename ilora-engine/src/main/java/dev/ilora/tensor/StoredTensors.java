package dev.ilora.tensor;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Named tensors on disk, of whatever file format. Names, shapes and types are known without reading
 * a tensor; each is read when it is loaded.
 */
public interface StoredTensors extends AutoCloseable {
  /** The file or folder, for messages. */
  Path path();

  /** Names in the order of the file. */
  Set<String> names();

  /**
   * Shape of one tensor without reading it.
   *
   * @throws BadInputException if there is no such tensor
   */
  long[] shape(String name);

  /**
   * The type a tensor is loaded in where no other is asked for.
   *
   * @throws BadInputException if there is no such tensor
   */
  DType dtype(String name);

  /**
   * How a tensor is stored.
   *
   * @param type its name in the file's format, such as {@code BF16} or {@code Q4_K}
   * @param bytes that it takes in the file
   */
  record Storage(String type, long bytes) {}

  /**
   * How one tensor is stored, without reading it.
   *
   * @throws BadInputException if there is no such tensor
   */
  default Storage storage(String name) {
    long bytes = dtype(name).bytes();
    for (long size : shape(name)) {
      bytes *= size;
    }
    return new Storage(dtype(name).name(), bytes);
  }

  /** Bytes of all files together. */
  long fileBytes();

  /**
   * Reads one tensor into memory of its own.
   *
   * @param dtype the type wanted, or null for the stored one
   * @throws BadInputException if there is no such tensor, or a value is infinite or not a number
   */
  Tensor load(String name, Device device, DType dtype);

  /** Reads one tensor into memory of its own, in the stored type, on the CPU. */
  default Tensor load(String name) {
    return load(name, Device.CPU, null);
  }

  /** Reads all tensors into memory of their own. */
  default Map<String, Tensor> loadAll() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    names().forEach(name -> all.put(name, load(name)));
    return all;
  }

  /** Closes the files; tensors already loaded stay. */
  @Override
  void close();

  /**
   * Checks that a tensor of a file holds numbers alone.
   *
   * @throws BadInputException if a value is infinite or not a number, naming it
   */
  static void requireFinite(Path file, String name, Tensor tensor) {
    if (!tensor.dtype().isFloating() || tensor.isFinite()) {
      return;
    }
    float[] values = tensor.toFloats();
    int at = 0;
    while (at + 1 < values.length && Float.isFinite(values[at])) {
      at++;
    }
    throw new BadInputException(
        file,
        "tensor '%s': element %s is %s: expected a finite number. The file is of a run that went wrong, or damaged"
            .formatted(name, at, values[at]));
  }
}
