package dev.ilora.gguf;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file as a Hugging Face folder of the same model: what {@code config.json} would hold, and
 * the weights by their names there, with rows in their order.
 */
public final class GgufModel implements StoredTensors {
  private final GgufFile file;
  private final GgufArchitecture architecture;
  private final ObjectNode configuration;

  /** The file's own name of every tensor. */
  private final Map<String, String> own = new LinkedHashMap<>();

  private GgufModel(GgufFile file) {
    this.file = file;
    this.architecture = GgufArchitecture.of(file.metadata());
    this.configuration = new GgufConfiguration(file, architecture).json();
    for (String name : file.names()) {
      if (!GgufPositions.TENSORS.contains(name)) {
        own.put(architecture.published(name), name);
      }
    }
  }

  /**
   * Opens a file.
   *
   * @throws BadInputException if it is no GGUF file, of an architecture that is not read here, or
   *     lacks what a configuration needs, naming it
   */
  public static GgufModel open(Path path) {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufModel(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** What {@code config.json} would hold. */
  public ObjectNode configuration() {
    return configuration.deepCopy();
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(own.keySet());
  }

  @Override
  public long[] shape(String name) {
    return file.shape(own(name));
  }

  @Override
  public DType dtype(String name) {
    return file.dtype(own(name));
  }

  @Override
  public Storage storage(String name) {
    return file.storage(own(name));
  }

  @Override
  public long fileBytes() {
    return file.fileBytes();
  }

  /** What the file says of itself. */
  public Metadata metadata() {
    return file.metadata();
  }

  private String own(String name) {
    String found = own.get(name);
    if (found == null) {
      throw new BadInputException(path(), "has no tensor '" + name + "'");
    }
    return found;
  }

  @Override
  public Tensor load(String name, Device device, DType dtype) {
    String stored = own(name);
    int heads = turnedHeads(name);
    if (heads == 0 && !architecture.addsOne(name)) {
      return file.load(stored, device, dtype);
    }
    try (var scope = Scope.open()) {
      if (heads == 0) {
        Tensor plain = file.load(stored, Device.CPU, DType.F32).add(-1);
        return scope.keep(plain.to(dtype).to(device));
      }
      Tensor loaded = file.load(stored, Device.CPU, dtype);
      return scope.keep(halved(name, loaded, heads).to(device));
    }
  }

  /**
   * Reads a quantised matrix without computing its values.
   *
   * @return empty where the tensor is not quantised, or no matrix
   * @throws BadInputException as {@link #load}
   */
  public Optional<PackedMatrix> loadPacked(String name) {
    String stored = own(name);
    int heads = turnedHeads(name);
    Optional<PackedMatrix> packed = file.loadPacked(stored);
    if (heads == 0 || packed.isEmpty()) {
      return packed;
    }
    try (var scope = Scope.open();
        PackedMatrix asStored = packed.get()) {
      Tensor bytes = scope.keep(halved(name, asStored.bytes(), heads));
      return Optional.of(new PackedMatrix(asStored.form(), bytes));
    }
  }

  private int turnedHeads(String name) {
    return architecture.turnedHeads(
        name,
        configuration.path("num_attention_heads").asInt(),
        configuration.path("num_key_value_heads").asInt());
  }

  private Tensor halved(String name, Tensor rows, int heads) {
    if (!RotaryRows.fit(rows.shape(), heads)) {
      throw new BadInputException(
          path(),
          "tensor '%s': expected an even number of rows for each of %s heads"
              .formatted(own(name), heads));
    }
    return RotaryRows.halved(rows, heads);
  }

  @Override
  public void close() {
    file.close();
  }
}
