package dev.ilora.llm;

import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the model says of given next tokens. The logits of the whole vocabulary are never held at
 * once: the head is applied in blocks of the vocabulary that stay in the processor's cache until
 * their sum of exponentials is taken.
 *
 * <p>P positions, M tokens asked about, V vocabulary.
 *
 * @param logProbabilities natural logarithm of each token's probability among all V, (M)
 * @param likeliest whether no other token is likelier, (M)
 */
public record TokenScores(float[] logProbabilities, boolean[] likeliest) {
  /** Logits of one block: 4 MB. */
  private static final int BLOCK = 1 << 20;

  /**
   * Scores tokens. Records no graph.
   *
   * @param hidden the model's hidden states, (P, C)
   * @param from the row of {@code hidden} after which each token would come, (M)
   * @param tokens ids, (M)
   * @param known ids below it are tokens; those above are rows that pad the table, which are never
   *     the likeliest
   */
  public static TokenScores of(Llama llama, Tensor hidden, int[] from, int[] tokens, int known) {
    int positions = (int) hidden.size(0);
    int vocabulary = llama.config().vocabularySize();
    int width = Math.clamp(BLOCK / positions, 1, vocabulary);
    float[] logits = new float[tokens.length];
    List<Tensor> largest = new ArrayList<>();
    List<Tensor> sums = new ArrayList<>();
    for (int first = 0; first < vocabulary; first += width) {
      int end = Math.min(vocabulary, first + width);
      try (var scope = Scope.open()) {
        Tensor block = llama.scores(hidden, first, end);
        pick(block, first, end, from, tokens, logits);
        if (first < known) {
          Tensor named = known < end ? block.slice(-1, 0, known - first) : block;
          largest.add(scope.keep(named.amax(-1, true)));
        }
        sums.add(scope.keep(block.logsumexp(-1, true)));
      }
    }
    float[] normaliser = Tensor.cat(sums, 1).logsumexp(-1, false).toFloats();
    float[] best = Tensor.cat(largest, 1).amax(-1, false).toFloats();
    float[] logProbabilities = new float[tokens.length];
    boolean[] likeliest = new boolean[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      logProbabilities[i] = logits[i] - normaliser[from[i]];
      likeliest[i] = logits[i] == best[from[i]];
    }
    return new TokenScores(logProbabilities, likeliest);
  }

  /** Copies the logits of those tokens that lie in a block of the vocabulary. */
  private static void pick(
      Tensor block, int first, int end, int[] from, int[] tokens, float[] logits) {
    long[] flat = new long[tokens.length];
    int[] place = new int[tokens.length];
    int count = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] >= first && tokens[i] < end) {
        flat[count] = (long) from[i] * (end - first) + tokens[i] - first;
        place[count++] = i;
      }
    }
    if (count > 0) {
      Tensor wanted = Tensor.of(Arrays.copyOf(flat, count), count).to(block.device());
      float[] found = block.view(-1).indexSelect(0, wanted).toFloats();
      for (int i = 0; i < count; i++) {
        logits[place[i]] = found[i];
      }
    }
  }
}
