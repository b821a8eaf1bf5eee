package dev.ilora.llm;

import java.util.Collections;
import java.util.List;

/**
 * What one decoder computes, apart from its sizes: everything in which published families differ.
 * Passes read this and know no family.
 *
 * @param norms where norms of the residual stream stand
 * @param headNorms what is normed of queries and keys, before positions turn them
 * @param zeroCentredNorms whether norms multiply by one plus their weight
 * @param activation of the gate
 * @param biases which projections of attention have one
 * @param scales constants that values are multiplied by
 * @param layers what each layer sees
 */
public record DecoderForm(
    Norms norms,
    HeadNorms headNorms,
    boolean zeroCentredNorms,
    Activation activation,
    Biases biases,
    Scales scales,
    List<Sight> layers) {

  /** Where the norms of the residual stream stand, by the names of their weights in a layer. */
  public enum Norms {
    /** Before attention and before the feed-forward layer. */
    BEFORE("input_layernorm", null, "post_attention_layernorm", null),
    /** After both, before their results are added. */
    AFTER(null, "post_attention_layernorm", null, "post_feedforward_layernorm"),
    /** Before and after both. */
    AROUND(
        "input_layernorm",
        "post_attention_layernorm",
        "pre_feedforward_layernorm",
        "post_feedforward_layernorm");

    private final String beforeAttention;
    private final String afterAttention;
    private final String beforeFeedForward;
    private final String afterFeedForward;

    Norms(String beforeAttention, String afterAttention, String beforeFeed, String afterFeed) {
      this.beforeAttention = beforeAttention;
      this.afterAttention = afterAttention;
      this.beforeFeedForward = beforeFeed;
      this.afterFeedForward = afterFeed;
    }

    /** Null where there is none, as for the other three. */
    String beforeAttention() {
      return beforeAttention;
    }

    String afterAttention() {
      return afterAttention;
    }

    String beforeFeedForward() {
      return beforeFeedForward;
    }

    String afterFeedForward() {
      return afterFeedForward;
    }
  }

  /** What is normed of queries and keys. */
  public enum HeadNorms {
    /** Nothing. */
    NONE,
    /** Each head by itself, with one weight for all of them. */
    EACH_HEAD,
    /** All heads as one vector. */
    ALL_HEADS
  }

  /** Which projections of attention have a bias. */
  public enum Biases {
    /** None. */
    NONE,
    /** Those of queries, keys and values. */
    INPUTS,
    /** All four. */
    ALL
  }

  /**
   * Constants that values are multiplied by.
   *
   * @param embeddings of tokens; rounded to the weights' type
   * @param scores of attention
   * @param branches of each layer before they are added to what came in
   * @param logitsDivisor what the logits are divided by
   */
  public record Scales(double embeddings, double scores, double branches, double logitsDivisor) {
    private static final double MOST = 1e6;

    /** Checks the bounds. */
    public Scales {
      require("the scale of embeddings", embeddings);
      require("the scale of attention", scores);
      require("the scale of branches", branches);
      require("the divisor of logits", logitsDivisor);
    }

    private static void require(String what, double value) {
      if (!(value > 0 && value <= MOST)) {
        throw new IllegalArgumentException(
            "%s: expected above 0 and at most %s, got %s".formatted(what, MOST, value));
      }
    }

    /** The usual ones: scores of heads of width D are divided by √D. */
    public static Scales usual(int headWidth) {
      return new Scales(1, 1 / Math.sqrt(headWidth), 1, 1);
    }
  }

  /** Checks the bounds. */
  public DecoderForm {
    LlamaConfig.requireLayers(layers.size());
    layers = List.copyOf(layers);
  }

  /** Llama's: all layers see everything before them. */
  static DecoderForm llama(int headWidth, int layers, Rope rope, Biases biases) {
    return new DecoderForm(
        Norms.BEFORE,
        HeadNorms.NONE,
        false,
        Activation.SILU,
        biases,
        Scales.usual(headWidth),
        Collections.nCopies(layers, Sight.everything(rope)));
  }

  /** Whether angles of positions depend on the length of their sequence in some layer. */
  boolean dependsOnLength() {
    return layers.stream().anyMatch(sight -> sight.rope().scaling().dependsOnLength());
  }

  /** Whether sequences of two lengths are turned by the same angles in all layers. */
  boolean sameAngles(int length, int other) {
    return layers.stream()
        .map(sight -> sight.rope().scaling())
        .allMatch(scaling -> scaling.settled(length) == scaling.settled(other));
  }
}
