package dev.ilora.pretrain;

import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Default;
import dev.ilora.llm.LlamaConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decides a base model: one taught from scratch by text made up from English words,
 * or one made before that goes on with a catalogue's titles and attributes.
 *
 * @param words files of English words, the commonest first; to teach from scratch
 * @param from folder of a base model to go on from
 * @param items dataset folder whose items' texts are learned; users are never read
 * @param seed of weights and texts
 * @param device {@code cpu} or {@code cuda:N}
 * @param size of a model taught from scratch
 * @param steps optimiser steps
 * @param stepTokens tokens a step, about
 * @param learningRate peak rate
 */
public record BaseRecipe(
    @Default("[]") List<Path> words,
    Optional<Path> from,
    Optional<Path> items,
    @Default("1") @AtLeast(-dev.ilora.Randomness.MOST_SEED) @AtMost(dev.ilora.Randomness.MOST_SEED)
        long seed,
    @Default("cpu") String device,
    Size size,
    @AtLeast(1) @AtMost(dev.ilora.train.TrainerConfig.MOST_STEPS) int steps,
    @Default("4096") @AtLeast(64) @AtMost(1 << 24) int stepTokens,
    @Above(0) @AtMost(dev.ilora.train.TrainerConfig.MOST_RATE) double learningRate) {

  /** Refuses what is neither from scratch nor a continuation. */
  public BaseRecipe {
    boolean scratch = !words.isEmpty();
    if (scratch ? from.isPresent() || items.isPresent() : from.isEmpty() || items.isEmpty()) {
      throw new IllegalArgumentException(
          "expected words, to teach from scratch, or from and items, to go on; got words %s, from %s, items %s"
              .formatted(
                  words,
                  from.map(Path::toString).orElse("none"),
                  items.map(Path::toString).orElse("none")));
    }
  }

  /**
   * How large a model is.
   *
   * @param vocabulary tokens of its tokenizer
   * @param width hidden width
   * @param layers decoder layers
   * @param heads attention heads
   * @param keyValueHeads heads of keys and values
   * @param feedForward inner width of the feed-forward layers
   * @param context longest sequence in tokens
   */
  public record Size(
      @Default("6144") @AtLeast(300) @AtMost(1 << 20) int vocabulary,
      @Default("128") @AtLeast(16) @AtMost(1 << 14) int width,
      @Default("4") @AtLeast(1) @AtMost(dev.ilora.adapter.DecoderShape.MOST_LAYERS) int layers,
      @Default("4") @AtLeast(1) @AtMost(LlamaConfig.MOST_HEADS) int heads,
      @Default("2") @AtLeast(1) @AtMost(LlamaConfig.MOST_HEADS) int keyValueHeads,
      @Default("352") @AtLeast(16) @AtMost(1 << 16) int feedForward,
      @Default("512") @AtLeast(64) @AtMost(1 << 20) int context) {

    /** Refuses heads that do not divide, and what is too small for heads that copy. */
    public Size {
      if (width % (2 * heads) != 0) {
        throw new IllegalArgumentException(
            "width %s does not divide into %s heads of an even width".formatted(width, heads));
      }
      if (heads % keyValueHeads != 0) {
        throw new IllegalArgumentException(
            "heads %s are not a multiple of keyValueHeads %s".formatted(heads, keyValueHeads));
      }
      CopyingWeights.config(vocabulary, width, feedForward, layers, heads, keyValueHeads, context);
    }

    /** The model's configuration, for a tokenizer that came to so many tokens. */
    LlamaConfig config(int tokens) {
      return CopyingWeights.config(
          tokens, width, feedForward, layers, heads, keyValueHeads, context);
    }
  }
}
