package dev.ilora.gguf;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the metadata of a file's header. */
final class MetadataReader {
  private static final int MOST_ELEMENTS = 1 << 24;

  private final HeaderBytes bytes;

  MetadataReader(HeaderBytes bytes) {
    this.bytes = bytes;
  }

  Map<String, MetadataValue> read(int count) throws IOException {
    Map<String, MetadataValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      bytes.reading("metadata entry " + (i + 1) + " of " + count);
      String key = bytes.text();
      bytes.reading("metadata '" + key + "'");
      if (values.put(key, value(type())) != null) {
        throw bytes.refusal("stands there twice");
      }
    }
    return values;
  }

  private MetadataType type() throws IOException {
    int number = bytes.int32();
    return MetadataType.of(number)
        .orElseThrow(
            () ->
                bytes.refusal(
                    "type %s: expected 0 to %s"
                        .formatted(
                            Integer.toUnsignedString(number), MetadataType.values().length - 1)));
  }

  private MetadataValue value(MetadataType type) throws IOException {
    if (type != MetadataType.ARRAY) {
      return new MetadataValue.Scalar(type, scalar(type));
    }
    MetadataType elements = type();
    if (elements == MetadataType.ARRAY) {
      throw bytes.refusal("is an array of arrays: expected an array of single values");
    }
    int length = bytes.count("elements", elements.leastBytes(), MOST_ELEMENTS);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      values.add(scalar(elements));
    }
    return new MetadataValue.Array(elements, values);
  }

  private Object scalar(MetadataType type) throws IOException {
    return switch (type) {
      case UINT8 -> bytes.int8() & 0xffL;
      case INT8 -> (long) bytes.int8();
      case UINT16 -> bytes.int16() & 0xffffL;
      case INT16 -> (long) bytes.int16();
      case UINT32 -> Integer.toUnsignedLong(bytes.int32());
      case INT32 -> (long) bytes.int32();
      case UINT64 -> unsigned(bytes.int64());
      case INT64 -> bytes.int64();
      case FLOAT32 -> (double) Float.intBitsToFloat(bytes.int32());
      case FLOAT64 -> Double.longBitsToDouble(bytes.int64());
      case BOOL -> flag(bytes.int8());
      case STRING -> bytes.text();
      case ARRAY -> throw new IllegalArgumentException("an array is no single value");
    };
  }

  private static Object unsigned(long value) {
    return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
  }

  private boolean flag(byte value) {
    if (value != 0 && value != 1) {
      throw bytes.refusal("byte %s: expected 0 or 1 for false or true".formatted(value & 0xff));
    }
    return value == 1;
  }
}
