package dev.ilora.llm;

import dev.ilora.llm.DecoderForm.HeadNorms;
import dev.ilora.llm.DecoderForm.Norms;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The published decoders that can be computed, and what is the same in all models of each. What
 * their configurations decide is in {@link DecoderForm}; passes only look there.
 */
public enum Family {
  /** Llama 1 to 3.3, and the many models that say they are one. */
  LLAMA("llama", "LlamaForCausalLM", Norms.BEFORE, HeadNorms.NONE),
  /** Mistral; a window on every layer, or on none. */
  MISTRAL("mistral", "MistralForCausalLM", Norms.BEFORE, HeadNorms.NONE),
  /** Qwen 2 and 2.5: biases on queries, keys and values. */
  QWEN2("qwen2", "Qwen2ForCausalLM", Norms.BEFORE, HeadNorms.NONE),
  /** Qwen 3, dense: norms of each query and key. */
  QWEN3("qwen3", "Qwen3ForCausalLM", Norms.BEFORE, HeadNorms.EACH_HEAD),
  /** Gemma 3, text. */
  GEMMA3("gemma3_text", "Gemma3ForCausalLM", Norms.AROUND, HeadNorms.EACH_HEAD),
  /** SmolLM 3: some layers without rotary positions. */
  SMOLLM3("smollm3", "SmolLM3ForCausalLM", Norms.BEFORE, HeadNorms.NONE),
  /** Phi 3, 3.5 and 4-mini: fused projections on disk. */
  PHI3("phi3", "Phi3ForCausalLM", Norms.BEFORE, HeadNorms.NONE),
  /** OLMo 2: norms after each branch alone. */
  OLMO2("olmo2", "Olmo2ForCausalLM", Norms.AFTER, HeadNorms.ALL_HEADS),
  /** Granite 3: multipliers. */
  GRANITE("granite", "GraniteForCausalLM", Norms.BEFORE, HeadNorms.NONE);

  private final String modelType;
  private final String architecture;
  private final Norms norms;
  private final HeadNorms headNorms;

  Family(String modelType, String architecture, Norms norms, HeadNorms headNorms) {
    this.modelType = modelType;
    this.architecture = architecture;
    this.norms = norms;
    this.headNorms = headNorms;
  }

  /** As in {@code model_type} of {@code config.json}. */
  public String modelType() {
    return modelType;
  }

  /** As in {@code architectures}. */
  public String architecture() {
    return architecture;
  }

  Norms norms() {
    return norms;
  }

  HeadNorms headNorms() {
    return headNorms;
  }

  /** Whether norms multiply by one plus their weight. */
  boolean zeroCentred() {
    return this == GEMMA3;
  }

  /** Whether files hold queries, keys and values as one matrix, and gate and up as one. */
  boolean fusedOnDisk() {
    return this == PHI3;
  }

  /** Whether the output head is the embedding table where a configuration does not say. */
  boolean tiedByDefault() {
    return this == GEMMA3 || this == SMOLLM3;
  }

  /** What norms add to the mean square where a configuration does not say. */
  double usualEpsilon() {
    return this == PHI3 || this == OLMO2 ? 1e-5 : 1e-6;
  }

  static Optional<Family> of(String modelType) {
    return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)).findFirst();
  }

  /** All names, for messages. */
  static String names() {
    return Arrays.stream(values()).map(Family::modelType).collect(Collectors.joining(", "));
  }
}
