package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and checks everything of a file that stands before its tensors.
 *
 * <p>Source of the layout: docs/gguf.md of ggml. Versions 2 and 3 have the same; version 1 had
 * shorter counts.
 */
final class HeaderReader {
  private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
  private static final int MOST_DIMENSIONS = 4;
  private static final int MOST_TENSORS = 1 << 20;
  private static final int MOST_ENTRIES = 1 << 20;
  private static final int LEAST_TENSOR_BYTES = 24;
  private static final int LEAST_ENTRY_BYTES = 13;
  private static final String ALIGNMENT = "general.alignment";
  private static final int DEFAULT_ALIGNMENT = 32;

  private final Path file;
  private final HeaderBytes bytes;

  /** A tensor's description as it stands there. */
  private record Entry(String name, TensorType type, List<Long> shape, long offset, long bytes) {}

  /** What stands before the tensors. */
  record Header(Metadata metadata, Map<String, TensorInfo> tensors) {}

  HeaderReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.bytes = new HeaderBytes(file, channel);
  }

  Header read() throws IOException {
    requireVersion();
    bytes.reading("tensor count");
    int tensors = bytes.count("tensors", LEAST_TENSOR_BYTES, MOST_TENSORS);
    bytes.reading("metadata count");
    int count = bytes.count("entries", LEAST_ENTRY_BYTES, MOST_ENTRIES);
    Metadata metadata = new Metadata(file, new MetadataReader(bytes).read(count));
    int alignment = alignment(metadata);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      bytes.reading("description of tensor " + (i + 1) + " of " + tensors);
      entries.add(entry());
    }
    long data = aligned(bytes.position(), alignment);
    Map<String, TensorInfo> found = new LinkedHashMap<>();
    for (Entry entry : entries) {
      bytes.reading("tensor '" + entry.name + "'");
      if (found.put(entry.name, placed(entry, data, alignment)) != null) {
        throw bytes.refusal("stands there twice");
      }
    }
    requireDisjoint(found);
    return new Header(metadata, found);
  }

  private void requireVersion() throws IOException {
    bytes.reading("magic");
    int magic = bytes.int32();
    if (magic != MAGIC) {
      throw new BadInputException(file, "is not a GGUF file: it does not begin with 'GGUF'");
    }
    bytes.reading("version");
    int version = bytes.int32();
    if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
      throw bytes.refusal("the file is big-endian: expected a little-endian file");
    }
    if (version != 2 && version != 3) {
      throw bytes.refusal(Integer.toUnsignedString(version) + ": expected 2 or 3");
    }
  }

  private static int alignment(Metadata metadata) {
    int alignment = metadata.whole(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
    if (Integer.bitCount(alignment) != 1 || alignment < 1) {
      throw metadata.unexpected(ALIGNMENT, "a power of two", alignment);
    }
    return alignment;
  }

  private static long aligned(long position, int alignment) {
    return (position + alignment - 1) & -alignment;
  }

  private Entry entry() throws IOException {
    String name = bytes.text();
    bytes.reading("description of tensor '" + name + "'");
    int dimensions = bytes.int32();
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      throw bytes.refusal(
          "%s dimensions: expected at most %s"
              .formatted(Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      shape.addFirst(bytes.int64());
    }
    int number = bytes.int32();
    Optional<TensorType> type = TensorType.of(number);
    if (type.isEmpty()) {
      throw bytes.refusal(
          "type %s is not supported: expected one of %s"
              .formatted(Integer.toUnsignedString(number), TensorType.expected()));
    }
    return new Entry(name, type.get(), shape, bytes.int64(), bytes(shape, type.get()));
  }

  private long bytes(List<Long> shape, TensorType type) {
    long row = shape.isEmpty() ? 1 : shape.getLast();
    if (row % type.blockValues() != 0) {
      throw bytes.refusal(
          "rows of %s values: expected a multiple of %s, the values of a block of %s"
              .formatted(Long.toUnsignedString(row), type.blockValues(), type));
    }
    long values = 1;
    for (long size : shape) {
      if (size < 0 || Math.multiplyHigh(values, size) != 0 || values * size < 0) {
        throw bytes.refusal(
            "impossible shape " + shape.stream().map(Long::toUnsignedString).toList());
      }
      values *= size;
    }
    long blocks = values / type.blockValues();
    if (blocks > bytes.size() / type.blockBytes()) {
      throw bytes.refusal(
          "shape %s in %s takes more than the %s bytes of the file"
              .formatted(shape, type, bytes.size()));
    }
    return blocks * type.blockBytes();
  }

  private TensorInfo placed(Entry entry, long data, int alignment) {
    String offset = "offset " + Long.toUnsignedString(entry.offset);
    if (entry.offset < 0 || entry.offset > bytes.size() - data - entry.bytes) {
      throw bytes.refusal(
          "%s and %s bytes: the file holds %s bytes of data"
              .formatted(offset, entry.bytes, Math.max(0, bytes.size() - data)));
    }
    if (entry.offset % alignment != 0) {
      throw bytes.refusal("%s: expected a multiple of %s".formatted(offset, alignment));
    }
    return new TensorInfo(entry.name, entry.type, entry.shape, data + entry.offset, entry.bytes);
  }

  private void requireDisjoint(Map<String, TensorInfo> tensors) {
    List<TensorInfo> sorted =
        tensors.values().stream()
            .filter(tensor -> tensor.bytes() > 0)
            .sorted(Comparator.comparingLong(TensorInfo::from))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).from() < sorted.get(i - 1).end()) {
        throw new BadInputException(
            file,
            "tensors '%s' and '%s' overlap"
                .formatted(sorted.get(i - 1).name(), sorted.get(i).name()));
      }
    }
  }
}
