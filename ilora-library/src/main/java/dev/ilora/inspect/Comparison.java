package dev.ilora.inspect;

import dev.ilora.llm.Llama;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;

/** Gathers how far logits are apart. */
final class Comparison {
  /** Logits that are in memory at a time. */
  private static final int AT_ONCE = 1 << 24;

  private final int vocabulary;
  private int positions;
  private int sameBest;
  private double largest = -1;
  private LogitsCheck.Place at;

  Comparison(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * Compares the positions of one row.
   *
   * @param hidden of its real tokens, (T, C)
   * @param expected logits, (T or more, V)
   */
  void row(Llama llama, int row, Tensor hidden, Tensor expected) {
    int length = (int) hidden.size(0);
    int step = Math.max(1, AT_ONCE / vocabulary);
    for (int from = 0; from < length; from += step) {
      try (var _ = Scope.open()) {
        int end = Math.min(length, from + step);
        float[] found = llama.scores(hidden.slice(0, from, end)).toFloats();
        float[] wanted = expected.slice(0, from, end).toFloats();
        for (int position = from; position < end; position++) {
          position(row, position, wanted, found, (position - from) * vocabulary);
        }
      }
    }
  }

  private void position(int row, int position, float[] expected, float[] found, int from) {
    int bestExpected = 0;
    int bestFound = 0;
    for (int token = 0; token < vocabulary; token++) {
      float one = expected[from + token];
      float other = found[from + token];
      // NaN compares with nothing: it would be the smallest difference of all.
      double difference =
          Float.isFinite(other) ? Math.abs((double) one - other) : Double.POSITIVE_INFINITY;
      if (difference > largest) {
        largest = difference;
        at = new LogitsCheck.Place(row, position, token, one, other);
      }
      bestExpected = one > expected[from + bestExpected] ? token : bestExpected;
      bestFound = other > found[from + bestFound] ? token : bestFound;
    }
    positions++;
    sameBest += bestExpected == bestFound ? 1 : 0;
  }

  LogitsCheck result(int rows) {
    return new LogitsCheck(rows, positions, vocabulary, largest, at, sameBest);
  }
}
