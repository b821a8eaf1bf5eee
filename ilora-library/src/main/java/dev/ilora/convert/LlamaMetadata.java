package dev.ilora.convert;

import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.GgufWriter;
import dev.ilora.gguf.RotaryFactors;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.Rope;
import dev.ilora.llm.RopeScaling;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a GGUF file says of a Llama. */
final class LlamaMetadata {
  private static final int QUANTISATION_VERSION = 2;

  private LlamaMetadata() {}

  /**
   * The entries, in order.
   *
   * @throws BadInputException if positions are none that GGUF has keys for
   */
  static Map<String, Object> of(Path folder, LlamaConfig config, GgufType type) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("general.architecture", "llama");
    entries.put("general.type", "model");
    entries.put("general.name", folder.toAbsolutePath().normalize().getFileName().toString());
    entries.put("general.file_type", type.fileType());
    if (type.isQuantised()) {
      entries.put("general.quantization_version", QUANTISATION_VERSION);
    }
    entries.put("llama.block_count", config.layers());
    entries.put("llama.context_length", config.maxPositions());
    entries.put("llama.embedding_length", config.hiddenSize());
    entries.put("llama.feed_forward_length", config.intermediateSize());
    entries.put("llama.attention.head_count", config.heads());
    entries.put("llama.attention.head_count_kv", config.keyValueHeads());
    entries.put("llama.attention.key_length", config.headWidth());
    entries.put("llama.attention.value_length", config.headWidth());
    entries.put("llama.attention.layer_norm_rms_epsilon", config.normEpsilon());
    entries.put("llama.vocab_size", config.vocabularySize());
    putRope(folder, config, entries);
    return entries;
  }

  private static void putRope(Path folder, LlamaConfig config, Map<String, Object> entries) {
    Rope rope = config.rope();
    if (rope.width() != config.headWidth()) {
      throw refused(folder, "partial_rotary_factor");
    }
    if (rope.theta() != (float) rope.theta()) {
      throw refused(
          folder, "rope_theta %s, which is no number of 32 bits,".formatted(rope.theta()));
    }
    entries.put("llama.rope.dimension_count", rope.width());
    entries.put("llama.rope.freq_base", rope.theta());
    switch (rope.scaling()) {
      case RopeScaling.None _ -> {}
      case RopeScaling.Linear(double factor) -> {
        entries.put("llama.rope.scaling.type", "linear");
        entries.put("llama.rope.scaling.factor", factor);
      }
      case RopeScaling.Llama3 scaling -> {
        if (!RotaryFactors.canSay(
            scaling.lowFrequencyFactor(),
            scaling.highFrequencyFactor(),
            scaling.originalContext())) {
          throw refused(folder, "rope_scaling llama3 with other settings than Llama 3's");
        }
      }
      case RopeScaling.Dynamic _ -> throw refused(folder, "rope_scaling dynamic");
      case RopeScaling.Yarn _ -> throw refused(folder, "rope_scaling yarn");
      case RopeScaling.LongRope _ -> throw refused(folder, "rope_scaling longrope");
    }
  }

  private static BadInputException refused(Path folder, String what) {
    return new BadInputException(
        LlamaConfig.fileOf(folder), what + " cannot be written as GGUF here");
  }

  /** Adds the factors of Llama 3's positions, where the model has them. */
  static void addRotaryFactors(LlamaConfig config, GgufWriter writer) {
    if (config.rope().scaling() instanceof RopeScaling.Llama3 scaling) {
      float[] factors =
          RotaryFactors.of(config.rope().theta(), config.headWidth(), scaling.factor());
      writer.tensor(
          RotaryFactors.TENSOR,
          GgufType.F32,
          new long[] {factors.length},
          () -> Tensor.of(factors, factors.length));
    }
  }
}
