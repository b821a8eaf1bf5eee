package dev.ilora.gguf;

import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The architectures that are read and written, and how their tensors differ from a Hugging Face
 * folder's: the one place to add another.
 *
 * <p>Source: the converter of llama.cpp ({@code conversion/} and {@code gguf-py/}), and its {@code
 * src/models/}, for what files do not say.
 */
public enum GgufArchitecture {
  /** Llama, and Mistral, whose files say llama too. */
  LLAMA("llama", "llama", TensorNames.BEFORE),
  /** Qwen 2 and 2.5; files say nothing of windows, which published models do not use. */
  QWEN2("qwen2", "qwen2", TensorNames.BEFORE),
  /** Qwen 3, dense. */
  QWEN3("qwen3", "qwen3", TensorNames.BEFORE),
  /** Gemma 3, text: layers with windows have other positions. */
  GEMMA3("gemma3", "gemma3_text", TensorNames.AROUND),
  /** SmolLM 3: files do not say which layers have no positions; every fourth has none. */
  SMOLLM3("smollm3", "smollm3", TensorNames.BEFORE),
  /** Phi 3, 3.5 and 4-mini. */
  PHI3("phi3", "phi3", TensorNames.FUSED),
  /** OLMo 2. */
  OLMO2("olmo2", "olmo2", TensorNames.AFTER),
  /** Granite 3, dense. */
  GRANITE("granite", "granite", TensorNames.BEFORE);

  /** SmolLM 3's layers without positions are those whose number, from 1, this divides. */
  public static final int NO_ROPE_INTERVAL = 4;

  /** Where files of Gemma 3 do not say: all layers but those whose number this divides. */
  static final int WINDOW_PATTERN = 6;

  /** The base of the angles of Gemma 3's layers with windows, where files do not say. */
  static final double WINDOW_THETA = 10000;

  /** Layers of the one Gemma 3 whose scores are not scaled by the width of a head: 27B. */
  private static final int LARGEST_GEMMA = 62;

  private final String file;
  private final String modelType;
  private final TensorNames names;

  GgufArchitecture(String file, String modelType, TensorNames names) {
    this.file = file;
    this.modelType = modelType;
    this.names = names;
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

  /** The architecture of models whose {@code config.json} says so; empty where none is known. */
  public static Optional<GgufArchitecture> ofModelType(String modelType) {
    return Arrays.stream(values()).filter(one -> one.modelType.equals(modelType)).findFirst();
  }

  /** As in {@code general.architecture}. */
  public String inFile() {
    return file;
  }

  /** A key of this architecture's own, such as {@code llama.block_count}. */
  public String key(String name) {
    return file + "." + name;
  }

  /** What {@code model_type} says in a config.json. */
  String modelType() {
    return modelType;
  }

  /** What {@code query_pre_attn_scalar} is of Gemma 3, which files do not say. */
  public static int queryScalar(int layers, int hidden, int heads, int headWidth) {
    return layers == LARGEST_GEMMA ? hidden / heads : headWidth;
  }

  /** Hugging Face's name of a tensor; its own where there is no other. */
  String published(String name) {
    return names.of(name);
  }

  /**
   * The name in files of a tensor by Hugging Face's.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String tensor(String published) {
    return names.inFile(published);
  }

  /**
   * Values as files hold them.
   *
   * @param published Hugging Face's name
   * @param values as in a Hugging Face folder
   * @param heads of queries
   * @param groups heads of keys
   */
  public Tensor stored(String published, Tensor values, int heads, int groups) {
    int turned = turnedHeads(published, heads, groups);
    if (turned > 0) {
      return RotaryRows.neighbours(values, turned);
    }
    return addsOne(published) ? values.add(1) : values;
  }

  /**
   * How many heads the rows of a tensor belong to that are stored so that rotary positions turn
   * neighbours; 0 where their order is Hugging Face's.
   */
  int turnedHeads(String published, int heads, int groups) {
    boolean neighbours = this == LLAMA || this == SMOLLM3 || this == GRANITE;
    if (neighbours && published.contains(".self_attn.q_proj.")) {
      return heads;
    }
    return neighbours && published.contains(".self_attn.k_proj.") ? groups : 0;
  }

  /** Whether files hold one plus the values: norms that Hugging Face centres on zero. */
  boolean addsOne(String published) {
    return this == GEMMA3 && published.endsWith("norm.weight");
  }
}
