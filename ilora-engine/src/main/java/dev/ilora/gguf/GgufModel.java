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
      if (!name.equals(RotaryFactors.TENSOR)) {
        own.put(TensorNames.of(name), name);
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
    int heads = !architecture.neighboursRotate() ? 0 : headsOf(stored);
    if (heads == 0) {
      return file.load(stored, device, dtype);
    }
    try (var scope = Scope.open()) {
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
    int heads = !architecture.neighboursRotate() ? 0 : headsOf(stored);
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

  /** How many heads the rows of a tensor belong to; 0 where their order is Hugging Face's. */
  private int headsOf(String stored) {
    if (TensorNames.isQuery(stored)) {
      return configuration.path("num_attention_heads").asInt();
    }
    return TensorNames.isKey(stored) ? configuration.path("num_key_value_heads").asInt() : 0;
  }

  /** Puts rows 2i and 2i + 1 of each head, (H·D, ...), to i and i + D / 2. */
  private Tensor halved(String name, Tensor rows, int heads) {
    long[] shape = rows.shape();
    if (shape.length == 0 || shape[0] == 0 || shape[0] % (2L * heads) != 0) {
      throw new BadInputException(
          path(),
          "tensor '%s': expected an even number of rows for each of %s heads"
              .formatted(own(name), heads));
    }
    return rows.view(heads, shape[0] / heads / 2, 2, rows.numel() / shape[0])
        .transpose(1, 2)
        .reshape(shape);
  }

  /**
   * Puts rows i and i + D / 2 of each head, (H·D, ...), to 2i and 2i + 1: the order in files.
   *
   * @param heads H; D is even
   */
  public static Tensor neighbours(Tensor rows, int heads) {
    long[] shape = rows.shape();
    return rows.view(heads, 2, shape[0] / heads / 2, rows.numel() / shape[0])
        .transpose(1, 2)
        .reshape(shape);
  }

  @Override
  public void close() {
    file.close();
  }
}
