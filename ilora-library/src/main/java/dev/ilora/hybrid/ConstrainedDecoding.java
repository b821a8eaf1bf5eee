package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.CandidateTrie;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Greedy decoding that may only write candidates' titles. Where one token alone may come next it is
 * taken unread, and where several may, the head is asked about these: after the prompts, which a
 * batch reads together, a pass is needed only for rows whose candidates still share a beginning.
 *
 * <p>B cases, P of them undecided, N tokens of the longest beginning.
 */
final class ConstrainedDecoding {
  private final Llama llama;
  private final PromptPass pass;
  private final List<CandidateTrie> tries;

  /** Where each row stands: a node, or -1 for the end of the prompt. */
  private final int[] nodes;

  private ConstrainedDecoding(PromptModel model, List<Case> cases) {
    llama = model.llama();
    pass = PromptPass.of(model, cases);
    tries = pass.tries();
    nodes = new int[tries.size()];
  }

  /** Returns the index of the candidate it arrives at, for each asked. */
  static int[] run(PromptModel model, List<Case> cases) {
    return new ConstrainedDecoding(model, cases).run();
  }

  private int[] run() {
    Arrays.fill(nodes, -1);
    int[] rows = undecided();
    if (rows.length > 0) {
      choose(rows, pass.last().indexSelect(0, indices(rows)));
    }
    takeForced();
    for (rows = undecided(); rows.length > 0; rows = undecided()) {
      choose(rows, follow(rows));
      takeForced();
    }
    return IntStream.range(0, nodes.length)
        .map(row -> tries.get(row).candidateAt(nodes[row]))
        .toArray();
  }

  /** Rows that stand where several tokens may come. */
  private int[] undecided() {
    return IntStream.range(0, nodes.length).filter(row -> next(row).length > 1).toArray();
  }

  private int[] next(int row) {
    return tries.get(row).children(nodes[row]);
  }

  private void takeForced() {
    for (int row = 0; row < nodes.length; row++) {
      for (int[] next = next(row); next.length == 1; next = next(row)) {
        nodes[row] = next[0];
      }
    }
  }

  /**
   * Reads what these rows have written; the others stand by.
   *
   * @return of each row's node, (P, C)
   */
  private Tensor follow(int[] rows) {
    int[][] written = new int[nodes.length][0];
    for (int row : rows) {
      int[] token = tries.get(row).nodeToken();
      written[row] =
          Arrays.stream(tries.get(row).pathTo(nodes[row])).map(node -> token[node]).toArray();
    }
    int length = Arrays.stream(written).mapToInt(tokens -> tokens.length).max().getAsInt();
    int[] tokens = new int[nodes.length * length];
    int[] depths = new int[tokens.length];
    for (int row = 0; row < nodes.length; row++) {
      System.arraycopy(written[row], 0, tokens, row * length, written[row].length);
      for (int i = 0; i < length; i++) {
        depths[row * length + i] = i;
      }
    }
    int[] ends = Arrays.stream(rows).map(row -> row * length + written[row].length - 1).toArray();
    int[] lengths = Arrays.stream(written).mapToInt(one -> one.length).toArray();
    return pass.follow(
        indices(tokens).view(nodes.length, length), depths, null, lengths, indices(ends));
  }

  private Tensor indices(int[] values) {
    return Tensor.ofInts(values, values.length).to(llama.device());
  }

  /**
   * Goes on to the likeliest child.
   *
   * @param hidden of each row's node, (P, C)
   */
  private void choose(int[] rows, Tensor hidden) {
    IntStream.Builder asked = IntStream.builder();
    IntStream.Builder tokens = IntStream.builder();
    for (int i = 0; i < rows.length; i++) {
      int[] token = tries.get(rows[i]).nodeToken();
      for (int child : next(rows[i])) {
        asked.add(i);
        tokens.add(token[child]);
      }
    }
    Tensor from = hidden.indexSelect(0, indices(asked.build().toArray()));
    float[] logits = llama.logitsOf(from, indices(tokens.build().toArray())).toFloats();
    int at = 0;
    for (int row : rows) {
      int likeliest = 0;
      int[] next = next(row);
      for (int i = 1; i < next.length; i++) {
        likeliest = logits[at + i] > logits[at + likeliest] ? i : likeliest;
      }
      at += next.length;
      nodes[row] = next[likeliest];
    }
  }
}
