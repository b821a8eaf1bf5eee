package dev.ilora.llm;

import dev.ilora.adapter.DecoderShape;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.WeightLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of a decoder's weights. */
public final class LlamaLayout {
  private LlamaLayout() {}

  /** All weights of a configuration. */
  public static WeightLayout of(LlamaConfig config) {
    long width = config.hiddenSize();
    long[] table = {config.vocabularySize(), width};
    DecoderShape shape = config.shape();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", table);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      shapes.put(prefix + "input_layernorm.weight", new long[] {width});
      for (Projection projection : Projection.values()) {
        long out = shape.outputOf(projection);
        String name = prefix + projection.path();
        shapes.put(name + ".weight", new long[] {out, shape.inputOf(projection)});
        if (hasBias(config, projection)) {
          shapes.put(name + ".bias", new long[] {out});
        }
      }
      shapes.put(prefix + "post_attention_layernorm.weight", new long[] {width});
    }
    shapes.put("model.norm.weight", new long[] {width});
    if (!config.tiedHead()) {
      shapes.put("lm_head.weight", table);
    }
    return WeightLayout.of(shapes).ignoring(LlamaLayout::isRedundant);
  }

  private static boolean hasBias(LlamaConfig config, Projection projection) {
    return switch (projection) {
      case Q_PROJ, K_PROJ, V_PROJ -> config.queryBias();
      case O_PROJ -> config.outputBias();
      case GATE_PROJ, UP_PROJ, DOWN_PROJ -> false;
    };
  }

  /** A head that repeats the embeddings, and tables that old exporters wrote. */
  private static boolean isRedundant(String name) {
    return name.equals("lm_head.weight") || name.endsWith(".rotary_emb.inv_freq");
  }
}
