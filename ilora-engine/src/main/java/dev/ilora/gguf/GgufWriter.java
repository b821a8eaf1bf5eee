package dev.ilora.gguf;

import dev.ilora.files.WholeFile;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a GGUF file, version 3: metadata, then tensors, each made when its turn comes.
 *
 * <p>Whole numbers become uint32, or int32 in lists, and other numbers float32, as llama.cpp reads
 * them.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;

  /** Values that are in memory at a time. */
  private static final int AT_ONCE = 1 << 22;

  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final List<Entry> tensors = new ArrayList<>();

  private record Entry(String name, GgufType type, long[] shape, Supplier<Tensor> values) {
    long bytes() {
      long values = 1;
      for (long size : shape) {
        values *= size;
      }
      return values / type.stored().blockValues() * type.stored().blockBytes();
    }
  }

  /** A file that holds nothing yet. */
  public GgufWriter() {}

  /**
   * Adds an entry.
   *
   * @param value an Integer, a Double or a Float, a Boolean, a String, or a list of one kind of
   *     them
   */
  public GgufWriter with(String key, Object value) {
    typeOf(value, false);
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param name in the file
   * @param shape rows first
   * @param values makes it, F32, when it is written
   */
  public GgufWriter tensor(String name, GgufType type, long[] shape, Supplier<Tensor> values) {
    tensors.add(new Entry(name, type, shape.clone(), values));
    return this;
  }

  /**
   * Writes the file whole or not at all.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   * @throws IllegalArgumentException if a value is too large for its type, naming the tensor
   */
  public void write(Path file) {
    WholeFile.write(
        file,
        out -> {
          byte[] header = header();
          out.write(header);
          pad(out, header.length);
          for (Entry tensor : tensors) {
            writeValues(out, tensor);
            pad(out, tensor.bytes());
          }
        });
  }

  private static void pad(OutputStream out, long written) throws IOException {
    out.write(new byte[(int) (padded(written) - written)]);
  }

  private static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private byte[] header() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    put(out, Integer.BYTES, VERSION);
    put(out, Long.BYTES, tensors.size());
    put(out, Long.BYTES, metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(out, key);
          put(out, Integer.BYTES, typeOf(value, false).number());
          value(out, value);
        });
    long offset = 0;
    for (Entry tensor : tensors) {
      text(out, tensor.name);
      put(out, Integer.BYTES, tensor.shape.length);
      for (int i = tensor.shape.length - 1; i >= 0; i--) {
        put(out, Long.BYTES, tensor.shape[i]);
      }
      put(out, Integer.BYTES, tensor.type.stored().number());
      put(out, Long.BYTES, offset);
      offset += padded(tensor.bytes());
    }
    return out.toByteArray();
  }

  private static void writeValues(OutputStream out, Entry tensor) throws IOException {
    try (var _ = Scope.open()) {
      Tensor flat = tensor.values.get().requireShape(tensor.name, tensor.shape).reshape(-1);
      for (long from = 0; from < flat.numel(); from += AT_ONCE) {
        float[] values = flat.slice(0, from, Math.min(flat.numel(), from + AT_ONCE)).toFloats();
        out.write(tensor.type.bytes(values));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tensor '" + tensor.name + "': " + e.getMessage(), e);
    }
  }

  private static MetadataType typeOf(Object value, boolean inList) {
    return switch (value) {
      case Integer _ -> inList ? MetadataType.INT32 : MetadataType.UINT32;
      case Double _, Float _ -> MetadataType.FLOAT32;
      case Boolean _ -> MetadataType.BOOL;
      case String _ -> MetadataType.STRING;
      case List<?> _ when !inList -> MetadataType.ARRAY;
      default -> throw new IllegalArgumentException("no metadata of GGUF: " + value);
    };
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Integer whole -> put(out, Integer.BYTES, whole);
      case Number number -> put(out, Float.BYTES, Float.floatToRawIntBits(number.floatValue()));
      case Boolean flag -> put(out, 1, flag ? 1 : 0);
      case String text -> text(out, text);
      case List<?> list -> {
        MetadataType type = list.isEmpty() ? MetadataType.INT32 : typeOf(list.getFirst(), true);
        put(out, Integer.BYTES, type.number());
        put(out, Long.BYTES, list.size());
        list.forEach(element -> value(out, element));
      }
      default -> throw new IllegalArgumentException("no metadata of GGUF: " + value);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(out, Long.BYTES, bytes.length);
    out.writeBytes(bytes);
  }

  private static void put(ByteArrayOutputStream out, int bytes, long value) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
  }
}
