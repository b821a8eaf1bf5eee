package dev.ilora.convert;

import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufArchitecture;
import dev.ilora.gguf.GgufType;
import dev.ilora.llm.Activation;
import dev.ilora.llm.DecoderForm;
import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.llm.Family;
import dev.ilora.llm.LlamaConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a GGUF file says of a decoder. */
final class ModelMetadata {
  private static final int QUANTISATION_VERSION = 2;

  private final Path folder;
  private final LlamaConfig config;
  private final GgufArchitecture architecture;
  private final Map<String, Object> entries = new LinkedHashMap<>();

  ModelMetadata(Path folder, LlamaConfig config, GgufArchitecture architecture) {
    this.folder = folder;
    this.config = config;
    this.architecture = architecture;
  }

  /**
   * The entries, in order.
   *
   * @throws BadInputException if the model computes what GGUF has no keys for
   */
  Map<String, Object> entries(GgufType type) {
    refuseOtherForms();
    entries.put("general.architecture", architecture.inFile());
    entries.put("general.type", "model");
    entries.put("general.name", folder.toAbsolutePath().normalize().getFileName().toString());
    entries.put("general.file_type", type.fileType());
    if (type.isQuantised()) {
      entries.put("general.quantization_version", QUANTISATION_VERSION);
    }
    put("block_count", config.layers());
    put("context_length", config.maxPositions());
    put("embedding_length", config.hiddenSize());
    put("feed_forward_length", config.intermediateSize());
    put("attention.head_count", config.heads());
    put("attention.head_count_kv", config.keyValueHeads());
    put("attention.key_length", config.headWidth());
    put("attention.value_length", config.headWidth());
    put("attention.layer_norm_rms_epsilon", config.normEpsilon());
    put("vocab_size", config.vocabularySize());
    if (architecture == GgufArchitecture.GRANITE) {
      DecoderForm.Scales scales = config.form().scales();
      put("attention.scale", scales.scores());
      put("embedding_scale", scales.embeddings());
      put("residual_scale", scales.branches());
      put("logit_scale", scales.logitsDivisor());
    }
    entries.putAll(new PositionsMetadata(folder, config, architecture).entries());
    return entries;
  }

  private void put(String key, Object value) {
    entries.put(architecture.key(key), value);
  }

  /** What readers of GGUF take for granted of an architecture. */
  private void refuseOtherForms() {
    DecoderForm form = config.form();
    boolean gemma = config.family() == Family.GEMMA3;
    if (form.activation() != (gemma ? Activation.GELU_TANH : Activation.SILU)) {
      throw refused(folder, "activation %s".formatted(form.activation()));
    }
    boolean known =
        switch (config.family()) {
          case LLAMA -> true;
          case QWEN2 -> form.biases() == Biases.INPUTS;
          case MISTRAL, QWEN3, GEMMA3, SMOLLM3, PHI3, OLMO2, GRANITE ->
              form.biases() == Biases.NONE;
        };
    if (!known) {
      throw refused(folder, "attention_bias " + (form.biases() != Biases.NONE));
    }
    if (gemma) {
      int usual =
          GgufArchitecture.queryScalar(
              config.layers(), config.hiddenSize(), config.heads(), config.headWidth());
      if (form.scales().scores() != 1 / Math.sqrt(usual)) {
        throw refused(
            folder, "query_pre_attn_scalar other than %s, which readers assume,".formatted(usual));
      }
    }
  }

  static BadInputException refused(Path folder, String what) {
    return new BadInputException(
        LlamaConfig.fileOf(folder), what + " cannot be written as GGUF here");
  }
}
