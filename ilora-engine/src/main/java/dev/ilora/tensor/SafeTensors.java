package dev.ilora.tensor;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import dev.ilora.files.SealedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The safetensors file format: a JSON header, then raw little-endian tensors. Each tensor is read
 * when it is loaded, straight into its own memory, and files are not mapped: a mapped file that
 * somebody shortens ends the process. A folder of shards with {@code model.safetensors.index.json}
 * reads as one. Every header is checked before use: sizes, overlaps, types and file length, so that
 * a truncated or hostile file is refused with its name and the field.
 */
public final class SafeTensors implements StoredTensors {
  /** The first 8 bytes of what Git puts in the place of a large file: "version ". */
  private static final long LFS_POINTER = 0x206e6f6973726576L;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String WHOLE = "model.safetensors";
  private static final long LARGEST_HEADER = 100_000_000;

  private final Path path;
  private final List<FileChannel> channels = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Where a tensor is: a stretch of a file's data, which begin after its header. */
  private record Entry(
      Path file, FileChannel channel, long data, DType dtype, long[] shape, long from, long to) {}

  /** The part of a file after its header. */
  private record Data(Path file, FileChannel channel, long start, long bytes) {}

  private SafeTensors(Path path) {
    this.path = path;
  }

  /**
   * Opens a file, or a folder with model.safetensors or shards.
   *
   * @throws BadInputException if the file is absent, truncated or not a safetensors file
   */
  public static SafeTensors open(Path path) {
    SafeTensors opened = new SafeTensors(path);
    try {
      Optional<ShardIndex> index = index(path);
      for (Path file : index.isPresent() ? index.get().files() : List.of(single(path))) {
        opened.addFile(file);
      }
      index.ifPresent(named -> named.require(opened::holder));
      return opened;
    } catch (IOException e) {
      opened.close();
      throw new BadInputException(path, "cannot be read: " + e.getMessage());
    } catch (BadInputException e) {
      opened.close();
      throw e;
    }
  }

  /** The index of a folder of shards. */
  private static Optional<ShardIndex> index(Path path) {
    Path index = path.resolve(ShardIndex.NAME);
    return Files.exists(path.resolve(WHOLE)) || !Files.exists(index)
        ? Optional.empty()
        : Optional.of(ShardIndex.read(index));
  }

  private static Path single(Path path) {
    if (!Files.exists(path)) {
      throw new BadInputException(path, "no such file");
    }
    if (!Files.isDirectory(path)) {
      return path;
    }
    Path whole = path.resolve(WHOLE);
    if (Files.exists(whole)) {
      return whole;
    }
    throw new BadInputException(path, "has neither model.safetensors nor " + ShardIndex.NAME);
  }

  private void addFile(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    channels.add(channel);
    long size = channel.size();
    if (size < 8) {
      throw new BadInputException(
          file,
          "truncated: %s bytes, expected at least the 8 of the header length".formatted(size));
    }
    long headerLength =
        read(file, channel, 0, ByteBuffer.allocate(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength == LFS_POINTER) {
      throw new BadInputException(
          file,
          "is a pointer of Git LFS and not the file itself: fetch it with 'git lfs pull', or"
              + " download the model");
    }
    if (headerLength < 2 || headerLength > LARGEST_HEADER || headerLength > size - 8) {
      throw new BadInputException(
          file,
          "header length %s: expected 2 to %s"
              .formatted(Long.toUnsignedString(headerLength), Math.min(LARGEST_HEADER, size - 8)));
    }
    byte[] header = read(file, channel, 8, ByteBuffer.allocate((int) headerLength)).array();
    long start = 8 + headerLength;
    readHeader(header, new Data(file, channel, start, size - start));
    SealedFile.check(file);
  }

  /** Fills a buffer from a place of a file. */
  private static ByteBuffer read(Path file, FileChannel channel, long from, ByteBuffer buffer)
      throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new BadInputException(
            file, "was cut short to %s bytes while it was read".formatted(channel.size()));
      }
      at += count;
    }
    return buffer.flip();
  }

  private void readHeader(byte[] header, Data data) {
    Path file = data.file();
    JsonNode root;
    try {
      root = JSON.readTree(new String(header, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new BadInputException(file, "header is not JSON: " + JsonReason.of(e));
    }
    if (!root.isObject()) {
      throw new BadInputException(file, "header: expected a JSON object");
    }
    List<Map.Entry<String, Entry>> found = new ArrayList<>();
    for (var property : root.properties()) {
      if (property.getKey().equals("__metadata__")) {
        property
            .getValue()
            .properties()
            .forEach(m -> metadata.put(m.getKey(), m.getValue().asString("")));
      } else {
        found.add(
            Map.entry(property.getKey(), entry(property.getKey(), property.getValue(), data)));
      }
    }
    requireDisjoint(file, found);
    for (var tensor : found) {
      if (entries.put(tensor.getKey(), tensor.getValue()) != null) {
        throw new BadInputException(file, "tensor '" + tensor.getKey() + "' stands in two files");
      }
    }
  }

  private static Entry entry(String name, JsonNode node, Data data) {
    Path file = data.file();
    String what = "tensor '" + name + "': ";
    DType dtype;
    try {
      dtype = DType.valueOf(node.path("dtype").asString(""));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          file,
          what
              + "dtype "
              + node.path("dtype")
              + ": expected one of "
              + Arrays.toString(DType.values()));
    }
    JsonNode offsets = node.path("data_offsets");
    if (!node.path("shape").isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new BadInputException(file, what + "expected shape and two data_offsets, got " + node);
    }
    long[] shape = new long[node.path("shape").size()];
    long bytes = dtype.bytes();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path("shape").get(i).asLong(-1);
      if (shape[i] < 0 || Math.multiplyHigh(bytes, shape[i]) != 0) {
        throw new BadInputException(file, what + "impossible shape " + node.path("shape"));
      }
      bytes *= shape[i];
    }
    long from = offsets.get(0).asLong(-1);
    long to = offsets.get(1).asLong(-1);
    if (from < 0 || to < from || to > data.bytes()) {
      throw new BadInputException(
          file,
          what
              + "data_offsets %s: the file holds %s bytes of data"
                  .formatted(offsets, data.bytes()));
    }
    if (to - from != bytes) {
      throw new BadInputException(
          file,
          what
              + "data_offsets %s span %s bytes, shape %s in %s takes %s"
                  .formatted(offsets, to - from, Arrays.toString(shape), dtype, bytes));
    }
    return new Entry(file, data.channel(), data.start(), dtype, shape, from, to);
  }

  private static void requireDisjoint(Path file, List<Map.Entry<String, Entry>> tensors) {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors);
    sorted.removeIf(e -> e.getValue().from == e.getValue().to);
    sorted.sort(Comparator.comparingLong(e -> e.getValue().from));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).getValue().from < sorted.get(i - 1).getValue().to) {
        throw new BadInputException(
            file,
            "tensors '%s' and '%s' overlap"
                .formatted(sorted.get(i - 1).getKey(), sorted.get(i).getKey()));
      }
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public long fileBytes() {
    try {
      long bytes = 0;
      for (FileChannel channel : channels) {
        bytes += channel.size();
      }
      return bytes;
    } catch (IOException e) {
      throw new BadInputException(path, "cannot be read: " + e.getMessage());
    }
  }

  /** The header's free text entries. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape.clone();
  }

  @Override
  public DType dtype(String name) {
    return entry(name).dtype;
  }

  /** The file of a tensor, or null. */
  private Path holder(String name) {
    return entries.containsKey(name) ? entries.get(name).file : null;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new BadInputException(path, "has no tensor '" + name + "'");
    }
    return entry;
  }

  @Override
  public Tensor load(String name, Device device, DType dtype) {
    Entry entry = entry(name);
    try (var scope = Scope.open()) {
      Tensor stored = Tensor.zeros(entry.dtype, Device.CPU, entry.shape);
      NativeBytes.fill(stored, (buffer, at) -> read(entry, buffer, at));
      Tensor typed = dtype == null ? stored : stored.to(dtype);
      if (entry.dtype.isFloating()) {
        StoredTensors.requireFinite(entry.file, name, typed);
      }
      return scope.keep(typed.to(device));
    }
  }

  private static void read(Entry entry, ByteBuffer buffer, long at) {
    try {
      read(entry.file, entry.channel, entry.data + entry.from + at, buffer);
    } catch (IOException e) {
      throw new BadInputException(entry.file, "cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(path + ": cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Writes a file whole or not at all, with a seal: a failure leaves the former file as it was.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    SealedFile.write(file, out -> writeTo(out, tensors, metadata));
  }

  private static void writeTo(
      OutputStream out, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode text = header.putObject("__metadata__");
      metadata.forEach(text::put);
    }
    long offset = 0;
    for (var tensor : tensors.entrySet()) {
      DType dtype = tensor.getValue().dtype();
      long bytes = tensor.getValue().numel() * dtype.bytes();
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", dtype.name());
      Arrays.stream(tensor.getValue().shape()).forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(offset + bytes);
      offset += bytes;
    }
    byte[] text = JSON.writeValueAsBytes(header);
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).array());
    out.write(padded);
    for (Tensor tensor : tensors.values()) {
      NativeBytes.write(tensor, out);
    }
  }
}
