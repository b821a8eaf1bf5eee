package dev.ilora.gguf;

import java.util.List;

/**
 * What a file says of one of its tensors.
 *
 * @param shape rows first, as everywhere here; the file has it the other way round
 * @param from where it begins in the file
 * @param bytes how many bytes it takes there
 */
record TensorInfo(String name, TensorType type, List<Long> shape, long from, long bytes) {
  long end() {
    return from + bytes;
  }

  /** How many values it holds. */
  long values() {
    return bytes / type.blockBytes() * type.blockValues();
  }

  long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
