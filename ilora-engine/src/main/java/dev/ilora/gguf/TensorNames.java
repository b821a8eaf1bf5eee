package dev.ilora.gguf;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hugging Face's names of a file's tensors, by what layers hold. */
enum TensorNames {
  /** Norms before both branches. */
  BEFORE(Map.of("attn_norm", "input_layernorm", "ffn_norm", "post_attention_layernorm")),
  /** Norms after both branches. */
  AFTER(
      Map.of(
          "post_attention_norm", "post_attention_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm")),
  /** Norms before and after both branches. */
  AROUND(
      Map.of(
          "attn_norm", "input_layernorm",
          "post_attention_norm", "post_attention_layernorm",
          "ffn_norm", "pre_feedforward_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm")),
  /** Norms before both branches; queries, keys and values are one matrix, and gate and up. */
  FUSED(
      Map.of(
          "attn_norm", "input_layernorm",
          "ffn_norm", "post_attention_layernorm",
          "attn_qkv", "self_attn.qkv_proj",
          "ffn_up", "mlp.gate_up_proj"));

  static final String EMBEDDINGS = "token_embd.weight";
  static final String HEAD = "output.weight";

  private static final Map<String, String> WHOLE =
      Map.of(
          EMBEDDINGS,
          "model.embed_tokens.weight",
          "output_norm.weight",
          "model.norm.weight",
          HEAD,
          "lm_head.weight");

  private static final Map<String, String> OF_ANY_LAYER =
      Map.of(
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "attn_q_norm", "self_attn.q_norm",
          "attn_k_norm", "self_attn.k_norm",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

  private static final Pattern PUBLISHED_LAYER =
      Pattern.compile("model\\.layers\\.(\\d+)\\.([\\w.]+)\\.(weight|bias)");

  private final Map<String, String> own;

  TensorNames(Map<String, String> own) {
    this.own = own;
  }

  private Map<String, String> ofLayer() {
    Map<String, String> names = new HashMap<>(OF_ANY_LAYER);
    names.putAll(own);
    return names;
  }

  /** The name of a tensor; its own where there is no other, so that it is refused by name. */
  String of(String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      String part = layer.group(2);
      String published = own.getOrDefault(part, OF_ANY_LAYER.get(part));
      if (published != null) {
        return "model.layers.%s.%s.%s".formatted(layer.group(1), published, layer.group(3));
      }
    }
    return WHOLE.getOrDefault(name, name);
  }

  /**
   * The name in files of a tensor by Hugging Face's.
   *
   * @throws IllegalArgumentException if there is none
   */
  String inFile(String name) {
    Matcher layer = PUBLISHED_LAYER.matcher(name);
    Map<String, String> names = layer.matches() ? ofLayer() : WHOLE;
    String wanted = layer.matches() ? layer.group(2) : name;
    String found =
        names.entrySet().stream()
            .filter(entry -> entry.getValue().equals(wanted))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no tensor of GGUF: " + name));
    return layer.matches()
        ? "blk.%s.%s.%s".formatted(layer.group(1), found, layer.group(3))
        : found;
  }
}
