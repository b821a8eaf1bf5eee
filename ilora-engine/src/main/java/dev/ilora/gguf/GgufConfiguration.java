package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A file's metadata as the content of a config.json. */
final class GgufConfiguration {
  private final GgufFile file;
  private final Metadata metadata;
  private final GgufArchitecture architecture;
  private final ObjectNode json = JsonMapper.shared().createObjectNode();

  GgufConfiguration(GgufFile file, GgufArchitecture architecture) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = architecture;
  }

  /**
   * Makes the content.
   *
   * @throws BadInputException if a key is missing, or the file asks for what has no place there
   */
  ObjectNode json() {
    int hidden = needed("embedding_length");
    int heads = needed("attention.head_count");
    if (heads < 1) {
      throw metadata.unexpected(architecture.key("attention.head_count"), "at least 1", heads);
    }
    json.put("model_type", architecture.modelType());
    json.put("vocab_size", vocabulary());
    json.put("hidden_size", hidden);
    json.put("intermediate_size", needed("feed_forward_length"));
    json.put("num_hidden_layers", needed("block_count"));
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", whole("attention.head_count_kv").orElse(heads));
    int width = headWidth(hidden / heads);
    json.put("head_dim", width);
    json.put("max_position_embeddings", needed("context_length"));
    json.put("rms_norm_eps", number("attention.layer_norm_rms_epsilon"));
    json.put("tie_word_embeddings", !file.names().contains(TensorNames.HEAD));
    json.put("attention_bias", file.names().contains("blk.0.attn_q.bias"));
    new GgufPositions(file, architecture, json).put(width);
    if (architecture == GgufArchitecture.GRANITE) {
      multipliers();
    } else if (architecture == GgufArchitecture.GEMMA3) {
      json.put(
          "query_pre_attn_scalar",
          GgufArchitecture.queryScalar(needed("block_count"), hidden, heads, width));
    }
    refuseExperts();
    refuseCaps();
    special();
    return json;
  }

  private OptionalInt whole(String name) {
    return metadata.whole(architecture.key(name));
  }

  private int needed(String name) {
    String key = architecture.key(name);
    return metadata.whole(key).orElseThrow(() -> metadata.lacks(key));
  }

  private double number(String name) {
    String key = architecture.key(name);
    return metadata.number(key).orElseThrow(() -> metadata.lacks(key));
  }

  private int vocabulary() {
    TensorInfo embeddings = file.tensors().get(TensorNames.EMBEDDINGS);
    if (embeddings == null || embeddings.shape().size() != 2) {
      throw new BadInputException(
          file.path(), "has no matrix of embeddings '" + TensorNames.EMBEDDINGS + "'");
    }
    return (int) Math.min(Integer.MAX_VALUE, embeddings.shape().getFirst());
  }

  private int headWidth(int usual) {
    int keys = whole("attention.key_length").orElse(usual);
    int values = whole("attention.value_length").orElse(usual);
    if (keys != values) {
      throw metadata.unexpected(
          architecture.key("attention.value_length"), keys + ", as of keys", values);
    }
    return keys;
  }

  /** Granite's, which are one where a file does not name them. */
  private void multipliers() {
    multiplier("embedding_scale", "embedding_multiplier");
    multiplier("residual_scale", "residual_multiplier");
    multiplier("attention.scale", "attention_multiplier");
    multiplier("logit_scale", "logits_scaling");
  }

  private void multiplier(String name, String published) {
    metadata.number(architecture.key(name)).ifPresent(value -> json.put(published, value));
  }

  private void refuseExperts() {
    int experts = whole("expert_count").orElse(0);
    if (experts != 0) {
      throw metadata.unexpected(architecture.key("expert_count"), "none", experts);
    }
  }

  private void refuseCaps() {
    for (String name : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
      double cap = metadata.number(architecture.key(name)).orElse(0);
      if (cap != 0) {
        throw metadata.unexpected(architecture.key(name), "none", cap);
      }
    }
  }

  private void special() {
    metadata.whole("tokenizer.ggml.bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
    ArrayNode ends = json.putArray("eos_token_id");
    metadata.whole("tokenizer.ggml.eos_token_id").ifPresent(ends::add);
    // Ends a turn of a conversation, where that is another token than what ends a text.
    metadata
        .whole("tokenizer.ggml.eot_token_id")
        .ifPresent(
            id -> {
              if (ends.isEmpty() || ends.path(0).asInt() != id) {
                ends.add(id);
              }
            });
  }
}
