package dev.ilora.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The architectures that are read: the one place to add another. Names of tensors are those of
 * {@link TensorNames}.
 */
enum GgufArchitecture {
  /** Llama, and Mistral, whose files say llama too. */
  LLAMA("llama", "llama", true),
  /** Qwen 2 and 2.5; files say nothing of windows, which published models do not use. */
  QWEN2("qwen2", "qwen2", false),
  /** Qwen 3, dense. */
  QWEN3("qwen3", "qwen3", false),
  /** OLMo 2. */
  OLMO2("olmo2", "olmo2", false),
  /** Granite 3, dense. */
  GRANITE("granite", "granite", true);

  private final String file;
  private final String modelType;
  private final boolean neighboursRotate;

  GgufArchitecture(String file, String modelType, boolean neighboursRotate) {
    this.file = file;
    this.modelType = modelType;
    this.neighboursRotate = neighboursRotate;
  }

  /** The architecture of a file, as {@code general.architecture} says. */
  static GgufArchitecture of(Metadata metadata) {
    String key = "general.architecture";
    String found = metadata.text(key).orElseThrow(() -> metadata.lacks(key));
    Optional<GgufArchitecture> known =
        Arrays.stream(values()).filter(one -> one.file.equals(found)).findFirst();
    return known.orElseThrow(
        () ->
            metadata.unexpected(
                key,
                Arrays.stream(values())
                    .map(one -> "'" + one.file + "'")
                    .collect(Collectors.joining(" or ")),
                "'" + found + "', which is not supported"));
  }

  /** A key of this architecture's own, such as {@code llama.block_count}. */
  String key(String name) {
    return file + "." + name;
  }

  /** What {@code model_type} says in a config.json. */
  String modelType() {
    return modelType;
  }

  /**
   * Whether rows of q and k are stored so that rotary positions turn neighbours: rows 2i and 2i + 1
   * of a head are rows i and i + D / 2 in Hugging Face's order.
   */
  boolean neighboursRotate() {
    return neighboursRotate;
  }
}
