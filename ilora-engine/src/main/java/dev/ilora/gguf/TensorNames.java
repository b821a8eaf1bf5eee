package dev.ilora.gguf;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hugging Face's names of a file's tensors. */
public final class TensorNames {
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

  private static final Map<String, String> OF_A_LAYER =
      Map.of(
          "attn_norm", "input_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_norm", "post_attention_layernorm",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  /** Names that Llama's layers do not have. */
  private static final Map<String, String> OF_OTHER_LAYERS =
      Map.of(
          "attn_q_norm", "self_attn.q_norm",
          "attn_k_norm", "self_attn.k_norm",
          "post_attention_norm", "post_attention_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

  private static final Pattern PUBLISHED_LAYER =
      Pattern.compile("model\\.layers\\.(\\d+)\\.([\\w.]+)\\.(weight|bias)");

  private TensorNames() {}

  /** The name of a tensor; its own where there is no other, so that it is refused by name. */
  static String of(String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      String part = layer.group(2);
      String published = OF_A_LAYER.getOrDefault(part, OF_OTHER_LAYERS.get(part));
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
  public static String inFile(String name) {
    Matcher layer = PUBLISHED_LAYER.matcher(name);
    Map<String, String> names = layer.matches() ? OF_A_LAYER : WHOLE;
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

  /** Whether a tensor's rows are those of queries. */
  static boolean isQuery(String name) {
    return isOf(name, "attn_q");
  }

  /** Whether a tensor's rows are those of keys. */
  static boolean isKey(String name) {
    return isOf(name, "attn_k");
  }

  private static boolean isOf(String name, String part) {
    Matcher layer = LAYER.matcher(name);
    return layer.matches() && layer.group(2).equals(part);
  }
}
