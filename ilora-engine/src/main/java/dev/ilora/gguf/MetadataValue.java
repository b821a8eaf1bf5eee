package dev.ilora.gguf;

import java.util.List;

/**
 * A value of a file's metadata. Whole numbers are {@link Long}, or {@link java.math.BigInteger}
 * where a uint64 exceeds it; floats are {@link Double}; others {@link Boolean} and {@link String}.
 */
public sealed interface MetadataValue {
  /** A single value. */
  record Scalar(MetadataType type, Object value) implements MetadataValue {}

  /** Values of one type. */
  record Array(MetadataType elements, List<Object> values) implements MetadataValue {
    /** Takes a copy. */
    public Array {
      values = List.copyOf(values);
    }
  }
}
