package dev.ilora.synthetic;

import dev.ilora.tokenizer.TokenList;
import java.util.ArrayList;
import java.util.List;

/** Collects the tokens, target weights, answers and vectors of one pretraining example. */
public final class ExampleWriter {
  private final PretrainingExample.Kind kind;
  private final TokenList tokens = new TokenList();
  private final TokenList weighted = new TokenList();
  private final TokenList starts = new TokenList();
  private final TokenList ends = new TokenList();
  private final List<int[]> among = new ArrayList<>();
  private final TokenList positions = new TokenList();
  private final TokenList rows = new TokenList();
  private final TokenList adds = new TokenList();
  private final List<float[]> vectors = new ArrayList<>();

  /** Starts an example. */
  public ExampleWriter(PretrainingExample.Kind kind) {
    this.kind = kind;
  }

  /** Returns the tokens so far. */
  public int size() {
    return tokens.size();
  }

  /** Appends tokens that are not to be learned. */
  public void context(int[] more) {
    append(more, 0);
  }

  /** Appends tokens to be learned that answer nothing. */
  public void target(int[] more) {
    append(more, 1);
  }

  /** Appends tokens to be learned as an answer that is no choice. */
  public void answer(int[] more) {
    answer(more, List.of());
  }

  /**
   * Appends tokens to be learned as an answer.
   *
   * @param titles those it is one of
   */
  public void answer(int[] more, List<int[]> titles) {
    among.add(titles.stream().mapToInt(title -> title[0]).distinct().toArray());
    starts.add(tokens.size());
    append(more, 1);
    ends.add(tokens.size());
  }

  /**
   * Appends tokens that are not to be learned, to the embedding of each of which a vector is added.
   */
  public void added(int[] more, float[] vector) {
    vectors.add(vector);
    for (int i = 0; i < more.length; i++) {
      place(tokens.size() + i, true);
    }
    context(more);
  }

  /** Appends a token whose embedding a vector replaces. */
  public void replaced(int token, float[] vector) {
    vectors.add(vector);
    place(tokens.size(), false);
    context(new int[] {token});
  }

  private void place(int position, boolean added) {
    positions.add(position);
    rows.add(vectors.size() - 1);
    adds.add(added ? 1 : 0);
  }

  private void append(int[] more, int weight) {
    for (int token : more) {
      tokens.add(token);
      weighted.add(weight);
    }
  }

  /** Returns what was written. */
  public PretrainingExample example() {
    int[] targets = weighted.toArray();
    float[] weights = new float[targets.length];
    for (int i = 1; i < targets.length; i++) {
      weights[i] = targets[i];
    }
    int[] modes = adds.toArray();
    boolean[] added = new boolean[modes.length];
    for (int i = 0; i < modes.length; i++) {
      added[i] = modes[i] == 1;
    }
    return new PretrainingExample(
        kind,
        tokens.toArray(),
        weights,
        starts.toArray(),
        ends.toArray(),
        among.toArray(int[][]::new),
        new PretrainingExample.Vectors(
            positions.toArray(), rows.toArray(), added, vectors.toArray(float[][]::new)));
  }
}
