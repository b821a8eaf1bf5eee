package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Feeds a batch of prompts and then one token per row at a time; returns what may follow. */
sealed interface Continuer {

  /** Log-probabilities of the token after each prompt, (B, V), F32. */
  Tensor start();

  /** Log-probabilities of the token after these, one per row, (B, V), F32. */
  Tensor next(int[] tokens);

  /** Continues row {@code rows[i]} as row i. */
  void reorder(int[] rows);

  /** Remembers keys and values: each step costs one token. */
  final class Cached implements Continuer {
    private final Llama llama;
    private final UnaryOperator<Tensor> scores;
    private final Prompts prompts;
    private final Adaptation adaptation;
    private final KvCache cache;
    private final int[] positions;

    Cached(
        Llama llama,
        UnaryOperator<Tensor> scores,
        Prompts prompts,
        Adaptation adaptation,
        int newTokens) {
      this.llama = llama;
      this.scores = scores;
      this.prompts = prompts;
      this.adaptation = adaptation;
      this.cache = llama.newCache(prompts.size(), prompts.columns() + newTokens);
      this.positions = prompts.lengths().clone();
    }

    private Tensor logProbabilities(Tensor hidden) {
      return scores.apply(hidden).logSoftmax(-1);
    }

    @Override
    public Tensor start() {
      Attention attention = new Attention.Prefill(cache, prompts.lengths());
      return logProbabilities(
          llama.hiddenAt(prompts.embeddings(), attention, adaptation, prompts.lastPositions()));
    }

    @Override
    public Tensor next(int[] tokens) {
      int rows = tokens.length;
      Tensor at = Tensor.ofInts(positions, rows, 1).to(llama.device());
      Tensor hidden =
          llama.hidden(
              llama.embed(Tensor.ofInts(tokens, rows, 1)),
              new Attention.Cached(cache, at, null),
              adaptation);
      for (int row = 0; row < rows; row++) {
        positions[row]++;
      }
      return logProbabilities(hidden.squeeze(1));
    }

    @Override
    public void reorder(int[] rows) {
      cache.reorder(Tensor.ofInts(rows, rows.length).to(llama.device()));
      int[] before = positions.clone();
      Arrays.setAll(positions, row -> before[rows[row]]);
    }
  }

  /** Computes everything anew at each step: slow, and the measure of the other. */
  final class Whole implements Continuer {
    private final Llama llama;
    private final UnaryOperator<Tensor> scores;
    private final Prompts prompts;
    private final Adaptation adaptation;
    private int[][] fed;

    Whole(Llama llama, UnaryOperator<Tensor> scores, Prompts prompts, Adaptation adaptation) {
      this.llama = llama;
      this.scores = scores;
      this.prompts = prompts;
      this.adaptation = adaptation;
      this.fed = new int[prompts.size()][0];
    }

    private Tensor logProbabilities(Prompts read) {
      Tensor hidden =
          llama.hiddenAt(
              read.embeddings(),
              Attention.causal(read.lengths()),
              adaptation,
              read.lastPositions());
      return scores.apply(hidden).logSoftmax(-1);
    }

    @Override
    public Tensor start() {
      return logProbabilities(prompts);
    }

    @Override
    public Tensor next(int[] tokens) {
      for (int row = 0; row < fed.length; row++) {
        fed[row] = Arrays.copyOf(fed[row], fed[row].length + 1);
        fed[row][fed[row].length - 1] = tokens[row];
      }
      return logProbabilities(extended());
    }

    /** Each row's tokens right after its own prompt. */
    private Prompts extended() {
      int steps = fed[0].length;
      int columns = prompts.columns() + steps;
      int rows = fed.length;
      long[] positions = new long[rows * steps];
      long[] tokens = new long[rows * steps];
      int[] lengths = new int[rows];
      for (int row = 0; row < rows; row++) {
        lengths[row] = prompts.lengths()[row] + steps;
        for (int i = 0; i < steps; i++) {
          positions[row * steps + i] = (long) row * columns + prompts.lengths()[row] + i;
          tokens[row * steps + i] = fed[row][i];
        }
      }
      Tensor given = prompts.embeddings();
      Tensor room = Tensor.zeros(given.dtype(), given.device(), rows, steps, given.size(2));
      Tensor embeddings =
          Tensor.cat(java.util.List.of(given, room), 1)
              .reshape((long) rows * columns, given.size(2))
              .indexCopy(
                  0,
                  Tensor.of(positions, positions.length).to(given.device()),
                  llama.embed(Tensor.of(tokens, tokens.length)).to(given.dtype()))
              .view(rows, columns, given.size(2));
      return new Prompts(embeddings, lengths);
    }

    @Override
    public void reorder(int[] rows) {
      int[][] before = fed;
      fed = new int[rows.length][];
      Arrays.setAll(fed, row -> before[rows[row]].clone());
    }
  }
}
