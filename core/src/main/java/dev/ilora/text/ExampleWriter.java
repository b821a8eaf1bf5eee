package dev.ilora.text;

/** Collects the tokens, target weights and answers of one pretraining example. */
final class ExampleWriter {
  private final PretrainingExample.Kind kind;
  private final float contextWeight;
  private final TokenList tokens = new TokenList();
  private final TokenList weighted = new TokenList();
  private final TokenList starts = new TokenList();
  private final TokenList ends = new TokenList();

  ExampleWriter(PretrainingExample.Kind kind, double contextWeight) {
    this.kind = kind;
    this.contextWeight = (float) contextWeight;
  }

  int size() {
    return tokens.size();
  }

  void context(int[] more) {
    append(more, 0);
  }

  void target(int[] more) {
    append(more, 1);
  }

  void answer(int[] more) {
    starts.add(tokens.size());
    target(more);
    ends.add(tokens.size());
  }

  private void append(int[] more, int mark) {
    for (int token : more) {
      tokens.add(token);
      weighted.add(mark);
    }
  }

  PretrainingExample example() {
    int[] marks = weighted.toArray();
    float[] weights = new float[marks.length];
    for (int i = 1; i < marks.length; i++) {
      weights[i] = marks[i] == 1 ? 1 : contextWeight;
    }
    return new PretrainingExample(
        kind, tokens.toArray(), weights, starts.toArray(), ends.toArray());
  }
}
