package dev.ilora.bench;

import dev.ilora.config.ConfigException;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tokenizer.BpeTrainer;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a language-model bench.
 *
 * @param width C, of the language model
 * @param layers decoder layers
 * @param heads attention heads
 * @param keyValueHeads heads of keys and values
 * @param feedForward width of the feed-forward layers
 * @param vocabulary V, rows of the embedding table
 * @param batch examples a step, or queries scored at a time
 * @param candidates titles listed in a prompt
 * @param rank total rank of the adapters
 * @param experts experts that share it
 * @param dropout share of the adapters' inputs dropped in training
 */
public record Sizes(
    int width,
    int layers,
    int heads,
    int keyValueHeads,
    int feedForward,
    int vocabulary,
    int batch,
    int candidates,
    int rank,
    int experts,
    double dropout) {
  /** Longest prompt and answer, in tokens. */
  static final int CONTEXT = 2048;

  /** The sizes at which the goals of docs/performance.md are stated. */
  public static final Sizes GOALS = new Sizes(512, 8, 8, 4, 1408, 32_000, 8, 20, 16, 4, 0);

  /**
   * Checks the bounds.
   *
   * @throws ConfigException naming every option that is out of bounds
   */
  public Sizes {
    List<String> mistakes = new ArrayList<>();
    requireAtLeast(mistakes, "--width", 1, width);
    requireAtLeast(mistakes, "--layers", 1, layers);
    requireAtLeast(mistakes, "--heads", 1, heads);
    requireAtLeast(mistakes, "--kv-heads", 1, keyValueHeads);
    requireAtLeast(mistakes, "--feed-forward", 1, feedForward);
    requireAtLeast(mistakes, "--vocabulary", BpeTrainer.SMALLEST_VOCABULARY, vocabulary);
    requireAtLeast(mistakes, "--batch", 1, batch);
    requireAtLeast(mistakes, "--candidates", 2, candidates);
    requireAtLeast(mistakes, "--rank", 1, rank);
    requireAtLeast(mistakes, "--experts", 1, experts);
    if (!(dropout >= 0 && dropout < 1)) {
      mistakes.add("--dropout: expected 0 to below 1, got " + dropout);
    }
    if (mistakes.isEmpty()) {
      requireMultiple(mistakes, "--width", width, "2 * --heads", 2 * heads);
      requireMultiple(mistakes, "--heads", heads, "--kv-heads", keyValueHeads);
      requireMultiple(mistakes, "--rank", rank, "--experts", experts);
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
  }

  private static void requireAtLeast(List<String> mistakes, String option, int least, int given) {
    if (given < least) {
      mistakes.add("%s: expected at least %d, got %d".formatted(option, least, given));
    }
  }

  private static void requireMultiple(
      List<String> mistakes, String option, int given, String of, int divisor) {
    if (given % divisor != 0) {
      mistakes.add("%s: %d is not a multiple of %s, %d".formatted(option, given, of, divisor));
    }
  }

  /** The language model of these sizes. */
  LlamaConfig llama() {
    return LlamaConfig.small(vocabulary, width, feedForward, layers, heads, keyValueHeads, CONTEXT);
  }
}
