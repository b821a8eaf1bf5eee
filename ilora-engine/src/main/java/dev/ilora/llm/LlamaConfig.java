package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.adapter.DecoderShape;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufModel;
import dev.ilora.tensor.DType;
import java.nio.file.Path;
import java.util.List;

/**
 * The sizes and constants of a decoder, as in a Hugging Face {@code config.json}.
 *
 * @param family under whose names it is stored
 * @param vocabularySize V
 * @param hiddenSize C
 * @param intermediateSize F
 * @param heads H
 * @param keyValueHeads heads of keys and values; H is a multiple of it
 * @param headWidth D, even
 * @param maxPositions longest context the model was trained for
 * @param normEpsilon added to the mean square in every norm
 * @param tiedHead whether the output head is the embedding table
 * @param form what its layers compute
 * @param beginToken token that starts a text, or -1
 * @param endTokens tokens that end a text; may be empty
 */
public record LlamaConfig(
    Family family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int heads,
    int keyValueHeads,
    int headWidth,
    int maxPositions,
    double normEpsilon,
    boolean tiedHead,
    DecoderForm form,
    int beginToken,
    List<Integer> endTokens) {
  // No published model comes near these bounds: what is above them is a mistake of the file.
  /** Most tokens of a vocabulary. */
  public static final int MOST_TOKENS = 1 << 24;

  /** Most values of the residual stream. */
  public static final int MOST_WIDTH = 1 << 17;

  /** Most values between the feed-forward layers. */
  public static final int MOST_INTERMEDIATE = 1 << 20;

  /** Most attention heads. */
  public static final int MOST_HEADS = 1 << 10;

  /** Most positions of a context. */
  public static final int MOST_POSITIONS = 1 << 27;

  private static final int MOST_HEAD_WIDTH = 1 << 12;

  /** Checks the bounds. */
  public LlamaConfig {
    require("vocab_size", vocabularySize, MOST_TOKENS);
    require("hidden_size", hiddenSize, MOST_WIDTH);
    require("intermediate_size", intermediateSize, MOST_INTERMEDIATE);
    require("num_key_value_heads", keyValueHeads, MOST_HEADS);
    requireHeads(heads, headWidth);
    require("max_position_embeddings", maxPositions, MOST_POSITIONS);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads %s is not a multiple of num_key_value_heads %s"
              .formatted(heads, keyValueHeads));
    }
    if (!(normEpsilon > 0 && normEpsilon <= 1)) {
      throw new IllegalArgumentException(
          "rms_norm_eps: expected a positive number of at most 1, got " + normEpsilon);
    }
    requireToken("bos_token_id", beginToken, -1, vocabularySize);
    endTokens.forEach(token -> requireToken("eos_token_id", token, 0, vocabularySize));
    for (Sight sight : form.layers()) {
      if (sight.rope().width() > headWidth) {
        throw new IllegalArgumentException(
            "rotated elements of a head: expected at most head_dim %s, got %s"
                .formatted(headWidth, sight.rope().width()));
      }
    }
    endTokens = List.copyOf(endTokens);
  }

  private static void requireToken(String key, int token, int least, int vocabularySize) {
    if (token < least || token >= vocabularySize) {
      throw new IllegalArgumentException(
          "%s: expected a token of the vocabulary of %s, from 0 to %s, got %s"
              .formatted(key, vocabularySize, vocabularySize - 1, token));
    }
  }

  private static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %s, got %s".formatted(name, most, value));
    }
  }

  static void requireLayers(int layers) {
    require("num_hidden_layers", layers, DecoderShape.MOST_LAYERS);
  }

  /** Checks what must be right before anything is said of heads. */
  static void requireHeads(int heads, int headWidth) {
    require("num_attention_heads", heads, MOST_HEADS);
    require("head_dim", headWidth, MOST_HEAD_WIDTH);
    if (headWidth % 2 != 0) {
      throw new IllegalArgumentException("head_dim: expected an even number, got " + headWidth);
    }
  }

  /**
   * A Llama to be trained from scratch: tied head, theta 10,000, no biases, head width C / H.
   *
   * @throws IllegalArgumentException if a size is impossible, naming it
   */
  public static LlamaConfig small(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int maxPositions) {
    return small(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        maxPositions,
        10000);
  }

  /** As above, with another base of the rotary angles. */
  public static LlamaConfig small(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int maxPositions,
      double ropeTheta) {
    if (heads < 1 || hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "hidden_size %s is not a multiple of num_attention_heads %s"
              .formatted(hiddenSize, heads));
    }
    int headWidth = hiddenSize / heads;
    requireHeads(heads, headWidth);
    Rope rope = new Rope(headWidth, ropeTheta, new RopeScaling.None());
    return new LlamaConfig(
        Family.LLAMA,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        heads,
        keyValueHeads,
        headWidth,
        maxPositions,
        1e-5,
        true,
        DecoderForm.llama(headWidth, layers, rope, DecoderForm.Biases.NONE),
        1,
        List.of(2));
  }

  /** The file that says what a model is: a folder's {@code config.json}, or a GGUF file itself. */
  public static Path fileOf(Path model) {
    return GgufFile.isNamed(model) ? model : model.resolve("config.json");
  }

  /**
   * Reads a {@code config.json}, or what stands for it in a GGUF file.
   *
   * @throws BadInputException if the file is not such a configuration, or asks for something this
   *     decoder does not compute, naming it
   */
  public static LlamaConfig read(Path file) {
    if (!GgufFile.isNamed(file)) {
      return ConfigJson.read(file);
    }
    try (GgufModel model = GgufModel.open(file)) {
      return ConfigJson.of(file, model.configuration());
    }
  }

  /**
   * Writes a {@code config.json} that Hugging Face's loaders understand.
   *
   * @throws IllegalArgumentException if that of this family cannot say what this decoder computes
   */
  public void write(Path configJson, DType dtype) {
    ConfigJson.write(this, dtype, configJson);
  }

  /** Same model with other special tokens. */
  public LlamaConfig withTokens(int begin, List<Integer> end) {
    return with(form, begin, end);
  }

  /** The same sizes with layers that compute something else. */
  public LlamaConfig withForm(DecoderForm other) {
    return with(other, beginToken, endTokens);
  }

  private LlamaConfig with(DecoderForm otherForm, int begin, List<Integer> end) {
    return new LlamaConfig(
        family,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        heads,
        keyValueHeads,
        headWidth,
        maxPositions,
        normEpsilon,
        tiedHead,
        otherForm,
        begin,
        end);
  }

  /** Number of layers, L. */
  public int layers() {
    return form.layers().size();
  }

  /** What a layer sees. */
  Sight sight(int layer) {
    return form.layers().get(layer);
  }

  /**
   * The positions of a decoder whose layers all see everything by the same ones.
   *
   * @throws IllegalArgumentException if layers differ or have windows
   */
  public Rope rope() {
    Sight first = form.layers().getFirst();
    if (first.window() != Sight.ALL || !form.layers().stream().allMatch(first::equals)) {
      throw new IllegalArgumentException(
          "expected layers that all see everything by the same positions, got " + form.layers());
    }
    return first.rope();
  }

  /** Whether it computes what Llama does: no windows, no biases, one kind of positions. */
  public boolean isLlama() {
    Rope rope = form.layers().getFirst().rope();
    return form.equals(DecoderForm.llama(headWidth, layers(), rope, DecoderForm.Biases.NONE));
  }

  /** The sizes adapters need to know. */
  public DecoderShape shape() {
    return new DecoderShape(
        layers(), hiddenSize, intermediateSize, heads * headWidth, keyValueHeads * headWidth);
  }
}
