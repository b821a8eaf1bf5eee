package dev.ilora.llm;

import dev.ilora.adapter.DecoderShape;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.llm.DecoderForm.Norms;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.WeightLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of a decoder's weights. */
public final class LlamaLayout {
  private LlamaLayout() {}

  /** All weights of a configuration. */
  public static WeightLayout of(LlamaConfig config) {
    long width = config.hiddenSize();
    long[] table = {config.vocabularySize(), width};
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", table);
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(config, "model.layers." + layer + ".", shapes);
    }
    shapes.put("model.norm.weight", new long[] {width});
    if (!config.tiedHead()) {
      shapes.put("lm_head.weight", table);
    }
    return ignoringRedundant(shapes);
  }

  /**
   * Checks names, shapes and types of the weights of a folder or a GGUF file, without reading them.
   *
   * @throws dev.ilora.BadInputException if one is missing, not expected, or of another shape or
   *     type
   */
  public static void require(LlamaConfig config, StoredTensors stored) {
    new FusedProjections(config).onDisk().require(stored, owner(stored.path()));
  }

  /** Whose weights they are, for messages. */
  static String owner(Path model) {
    return "the model in " + LlamaConfig.fileOf(model).getFileName();
  }

  static WeightLayout ignoringRedundant(Map<String, long[]> shapes) {
    return WeightLayout.of(shapes).ignoring(LlamaLayout::isRedundant);
  }

  private static void addLayer(LlamaConfig config, String prefix, Map<String, long[]> shapes) {
    DecoderShape shape = config.shape();
    long width = config.hiddenSize();
    Norms norms = config.form().norms();
    addNorm(prefix, norms.beforeAttention(), width, shapes);
    for (Projection projection : Projection.values()) {
      long out = shape.outputOf(projection);
      String name = prefix + projection.path();
      shapes.put(name + ".weight", new long[] {out, shape.inputOf(projection)});
      if (hasBias(config, projection)) {
        shapes.put(name + ".bias", new long[] {out});
      }
    }
    String attention = prefix + "self_attn.";
    addNorm(attention, "q_norm", headNorm(config, shape.queryWidth()), shapes);
    addNorm(attention, "k_norm", headNorm(config, shape.keyValueWidth()), shapes);
    addNorm(prefix, norms.afterAttention(), width, shapes);
    addNorm(prefix, norms.beforeFeedForward(), width, shapes);
    addNorm(prefix, norms.afterFeedForward(), width, shapes);
  }

  private static void addNorm(String prefix, String name, long width, Map<String, long[]> shapes) {
    if (name != null && width > 0) {
      shapes.put(prefix + name + ".weight", new long[] {width});
    }
  }

  /** Elements of the norm of queries or keys, 0 where there is none. */
  private static long headNorm(LlamaConfig config, long all) {
    return switch (config.form().headNorms()) {
      case NONE -> 0;
      case EACH_HEAD -> config.headWidth();
      case ALL_HEADS -> all;
    };
  }

  private static boolean hasBias(LlamaConfig config, Projection projection) {
    Biases biases = config.form().biases();
    return switch (projection) {
      case Q_PROJ, K_PROJ, V_PROJ -> biases != Biases.NONE;
      case O_PROJ -> biases == Biases.ALL;
      case GATE_PROJ, UP_PROJ, DOWN_PROJ -> false;
    };
  }

  /** A head that repeats the embeddings, and tables that old exporters wrote. */
  private static boolean isRedundant(String name) {
    return name.equals("lm_head.weight") || name.endsWith(".rotary_emb.inv_freq");
  }
}
