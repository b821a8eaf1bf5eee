package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Continues prompts with the likeliest tokens: one at a time (greedy) or the best of several
 * hypotheses (beam search). Rows of a batch do not influence each other; the result is the same
 * with and without a cache, but for what 16 bits round.
 */
public final class Generation {
  private final Llama llama;
  private final Options options;

  /** Generates with one model and one set of options. */
  public Generation(Llama llama, Options options) {
    this.llama = llama;
    this.options = options;
  }

  /**
   * What to generate.
   *
   * @param newTokens the most tokens to add, at least 1
   * @param stopTokens tokens that end a continuation; they are not part of it
   * @param cached whether keys and values are remembered between steps
   * @param filter which tokens may follow, or null for all
   * @param tokens only ids below it may follow: a model's table may be longer than the vocabulary
   */
  public record Options(
      int newTokens, Set<Integer> stopTokens, boolean cached, NextTokens filter, int tokens) {
    public Options {
      if (newTokens < 1) {
        throw new IllegalArgumentException("new tokens: expected at least 1, got " + newTokens);
      }
      stopTokens = Set.copyOf(stopTokens);
    }

    /** Up to a number of tokens or a stop token, cached, not filtered. */
    public static Options of(int newTokens, Set<Integer> stopTokens) {
      return new Options(newTokens, stopTokens, true, null, Integer.MAX_VALUE);
    }

    /** The same with a filter. */
    public Options filtered(NextTokens nextTokens) {
      return new Options(newTokens, stopTokens, cached, nextTokens, tokens);
    }

    /** The same with or without a cache. */
    public Options cached(boolean on) {
      return new Options(newTokens, stopTokens, on, filter, tokens);
    }

    /** The same with ids below a number of tokens alone. */
    public Options below(int count) {
      return new Options(newTokens, stopTokens, cached, filter, count);
    }
  }

  /** Restricts what may follow, such as to the titles of candidates. */
  @FunctionalInterface
  public interface NextTokens {
    /**
     * Tokens that may follow.
     *
     * @param prompt number of the prompt in its batch
     * @param generated tokens added to that prompt so far
     * @return tokens without repetition; empty ends the continuation here; null allows all
     */
    int[] allowed(int prompt, int[] generated);
  }

  /**
   * One continuation of a prompt.
   *
   * @param tokens what was added, without the stop token
   * @param stopped whether it ended by a stop token or because the filter allowed nothing more
   * @param logProbability natural logarithm of the probability the model (not restricted by the
   *     filter) gives these tokens and the stop token; rounded once more where the weights are
   *     multiplied in 16 bits and decoding is greedy
   */
  public record Continuation(int[] tokens, boolean stopped, double logProbability) {}

  /**
   * Adds the likeliest token until each prompt's continuation ends.
   *
   * @return one continuation per prompt
   * @throws IllegalArgumentException if a prompt and the new tokens exceed the model's context
   */
  public List<Continuation> greedy(Prompts prompts, Adaptation adaptation) {
    return beam(prompts, adaptation, 1).stream().map(List::getFirst).toList();
  }

  /**
   * Keeps the likeliest hypotheses of each prompt until none that is unfinished can beat them.
   *
   * @param beams hypotheses per prompt, at least 1
   * @return per prompt 1 to beams continuations, likeliest first
   * @throws IllegalArgumentException if a prompt and the new tokens exceed the model's context
   */
  public List<List<Continuation>> beam(Prompts prompts, Adaptation adaptation, int beams) {
    if (beams < 1) {
      throw new IllegalArgumentException("beams: expected at least 1, got " + beams);
    }
    requireContext(prompts);
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            return search(prompts, adaptation, beams);
          }
        });
  }

  private void requireContext(Prompts prompts) {
    int limit = llama.config().maxPositions();
    for (int row = 0; row < prompts.size(); row++) {
      int length = prompts.lengths()[row];
      if (length + options.newTokens() > limit) {
        throw new IllegalArgumentException(
            "prompt %s has %s tokens; with %s new ones it exceeds the model's context of %s"
                .formatted(row, length, options.newTokens(), limit));
      }
    }
  }

  private List<List<Continuation>> search(Prompts prompts, Adaptation adaptation, int beams) {
    Prompts rows = beams == 1 ? prompts : prompts.repeated(beams);
    Adaptation whose = adaptation.over(llama.frozenWeights());
    Adaptation adapted = beams == 1 ? whose : whose.rows(origins(rows, beams));
    boolean greedy = beams == 1 && options.filter() == null;
    UnaryOperator<Tensor> scores =
        greedy ? hidden -> GreedyScores.of(llama, hidden, options.tokens()) : llama::scores;
    Continuer continuer =
        options.cached() && keepsAngles(prompts)
            ? new Continuer.Cached(llama, scores, rows, adapted, options.newTokens())
            : new Continuer.Whole(llama, scores, rows, adapted);
    List<Beam> searches = new ArrayList<>();
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      searches.add(new Beam(prompt, beams, options));
    }
    for (int step = 0; step < options.newTokens(); step++) {
      try (var _ = Scope.open()) {
        advance(searches, step == 0 ? continuer.start() : goOn(searches, continuer), beams);
      }
      if (searches.stream().allMatch(Beam::done)) {
        break;
      }
    }
    return searches.stream().map(Beam::results).toList();
  }

  /** Whether what is cached of the prompts stays right until the last token was read. */
  private boolean keepsAngles(Prompts prompts) {
    DecoderForm form = llama.config().form();
    return Arrays.stream(prompts.lengths())
        .allMatch(length -> form.sameAngles(length, length + options.newTokens() - 1));
  }

  private static Tensor goOn(List<Beam> searches, Continuer continuer) {
    int[] sources = collect(searches, Beam::sources);
    for (int row = 0; row < sources.length; row++) {
      if (sources[row] != row) {
        continuer.reorder(sources);
        break;
      }
    }
    return continuer.next(collect(searches, Beam::last));
  }

  private Tensor origins(Prompts rows, int beams) {
    int[] origins = new int[rows.size()];
    Arrays.setAll(origins, row -> row / beams);
    return Tensor.ofInts(origins, origins.length).to(llama.device());
  }

  private static int[] collect(List<Beam> searches, java.util.function.Function<Beam, int[]> part) {
    return searches.stream().map(part).flatMapToInt(Arrays::stream).toArray();
  }

  private void advance(List<Beam> searches, Tensor all, int beams) {
    int vocabulary = (int) Math.min(options.tokens(), all.size(1));
    Tensor likely = vocabulary < all.size(1) ? all.slice(1, 0, vocabulary) : all;
    int[][] allowed = new int[searches.size() * beams][];
    if (options.filter() != null) {
      for (int row = 0; row < allowed.length; row++) {
        allowed[row] = searches.get(row / beams).allowed(row % beams);
      }
    }
    int wanted = Math.min(vocabulary, beams + options.stopTokens().size());
    Candidates best = Candidates.of(likely, allowed, wanted);
    for (int prompt = 0; prompt < searches.size(); prompt++) {
      searches.get(prompt).advance(best, prompt * beams);
    }
  }
}
