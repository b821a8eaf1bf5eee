package dev.ilora.gguf;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An open GGUF file, versions 2 and 3, little-endian. Tensors have the file's names and order of
 * rows. Quantised ones are F32 once loaded, bit for bit as ggml computes them.
 *
 * <p>The header is checked before use: counts, lengths, types, places and overlaps, so that a
 * truncated or hostile file is refused with its name and the field. Files are not mapped, as with
 * {@link dev.ilora.tensor.SafeTensors}: each tensor is read when it is loaded.
 */
public final class GgufFile implements StoredTensors {
  /** Values of a quantised matrix that are computed at a time to look for infinite ones. */
  private static final long CHECKED_AT_ONCE = 1 << 22;

  private final Path path;
  private final FileChannel channel;
  private final HeaderReader.Header header;

  private GgufFile(Path path, FileChannel channel, HeaderReader.Header header) {
    this.path = path;
    this.channel = channel;
    this.header = header;
  }

  /** Whether a path is named as a GGUF file is, and is no folder. */
  public static boolean isNamed(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".gguf") && !Files.isDirectory(path);
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws BadInputException if the file is absent, truncated or not such a file, or has a tensor
   *     of a type that is not supported
   */
  public static GgufFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new BadInputException(path, "no such file");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new GgufFile(path, channel, new HeaderReader(path, channel).read());
    } catch (IOException e) {
      close(path, channel);
      throw new BadInputException(path, "cannot be read: " + e.getMessage());
    } catch (BadInputException e) {
      close(path, channel);
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  /** What the file says of itself. */
  public Metadata metadata() {
    return header.metadata();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(header.tensors().keySet());
  }

  @Override
  public long[] shape(String name) {
    return tensor(name).sizes();
  }

  @Override
  public DType dtype(String name) {
    return tensor(name).type().dtype();
  }

  @Override
  public Storage storage(String name) {
    TensorInfo tensor = tensor(name);
    return new Storage(tensor.type().name(), tensor.bytes());
  }

  @Override
  public long fileBytes() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new BadInputException(path, "cannot be read: " + e.getMessage());
    }
  }

  /** All tensors' descriptions, by name. */
  Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  private TensorInfo tensor(String name) {
    TensorInfo tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new BadInputException(path, "has no tensor '" + name + "'");
    }
    return tensor;
  }

  @Override
  public Tensor load(String name, Device device, DType dtype) {
    TensorInfo info = tensor(name);
    try (var scope = Scope.open()) {
      TensorData data = new TensorData(path, channel, info);
      Tensor stored = Tensor.written(info.type().dtype(), data::writeTo, info.sizes());
      Tensor typed = dtype == null ? stored : stored.to(dtype);
      StoredTensors.requireFinite(path, name, typed);
      return scope.keep(typed.to(device));
    }
  }

  /**
   * Reads a quantised matrix without computing its values.
   *
   * @return empty where the tensor is not quantised, or no matrix
   * @throws BadInputException as {@link #load}
   */
  public Optional<PackedMatrix> loadPacked(String name) {
    TensorInfo info = tensor(name);
    Optional<BlockForm> form = info.type().form();
    if (form.isEmpty() || info.sizes().length != 2) {
      return Optional.empty();
    }
    TensorData data = new TensorData(path, channel, info);
    long[] shape = info.sizes();
    Tensor bytes = Tensor.written(DType.U8, data::copyTo, shape[0], form.get().bytesOf(shape[1]));
    PackedMatrix packed = new PackedMatrix(form.get(), bytes);
    requireFinite(name, packed);
    return Optional.of(packed);
  }

  private void requireFinite(String name, PackedMatrix packed) {
    long most = Math.max(1, CHECKED_AT_ONCE / packed.columns());
    for (long from = 0; from < packed.rows(); from += most) {
      try (var _ = Scope.open()) {
        long to = Math.min(packed.rows(), from + most);
        if (!packed.rows(from, to).values(DType.F32, Device.CPU).isFinite()) {
          StoredTensors.requireFinite(path, name, packed.values(DType.F32, Device.CPU));
        }
      }
    }
  }

  @Override
  public void close() {
    close(path, channel);
  }

  private static void close(Path path, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
