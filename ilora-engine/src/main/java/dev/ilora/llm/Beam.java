package dev.ilora.llm;

import dev.ilora.llm.Generation.Continuation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The search for one prompt's continuations. It always occupies as many rows of the batch as it has
 * beams; rows without a live hypothesis repeat another's work and are ignored.
 */
final class Beam {
  private static final Comparator<Continuation> LIKELIEST =
      Comparator.comparingDouble(Continuation::logProbability).reversed();

  private final int prompt;
  private final int beams;
  private final Generation.Options options;
  private final List<Continuation> finished = new ArrayList<>();
  private List<Live> live = new ArrayList<>();

  /** A hypothesis that goes on; row is where its past stands within this search's rows. */
  private record Live(int[] tokens, double logProbability, int row) {}

  /** A hypothesis with one more token. */
  private record Extension(Live from, int row, int token, double logProbability) {
    Live grown() {
      int[] longer = Arrays.copyOf(from.tokens, from.tokens.length + 1);
      longer[from.tokens.length] = token;
      return new Live(longer, logProbability, row);
    }

    Continuation ended() {
      return new Continuation(from.tokens, true, logProbability);
    }
  }

  Beam(int prompt, int beams, Generation.Options options) {
    this.prompt = prompt;
    this.beams = beams;
    this.options = options;
    live.add(new Live(new int[0], 0, 0));
  }

  /** Tokens that may follow in a row; none where no hypothesis lives; null for all. */
  int[] allowed(int row) {
    if (row >= live.size()) {
      return new int[0];
    }
    return options.filter().allowed(prompt, live.get(row).tokens);
  }

  /** The rows of the whole batch that this search's rows go on from. */
  int[] sources() {
    int[] sources = new int[beams];
    Arrays.setAll(sources, row -> prompt * beams + (row < live.size() ? live.get(row).row : 0));
    return sources;
  }

  /** The token each row was extended with last. */
  int[] last() {
    int[] last = new int[beams];
    for (int row = 0; row < live.size(); row++) {
      int[] tokens = live.get(row).tokens;
      last[row] = tokens[tokens.length - 1];
    }
    return last;
  }

  /**
   * Extends every live hypothesis and keeps the best. A hypothesis ends at a stop token only if it
   * is then among the best of all; so one beam is greedy.
   *
   * @param firstRow this search's first row among the candidates
   */
  void advance(Candidates candidates, int firstRow) {
    List<Extension> extensions = new ArrayList<>();
    for (int row = 0; row < live.size(); row++) {
      extend(row, candidates, firstRow + row, extensions);
    }
    extensions.sort(Comparator.comparingDouble(Extension::logProbability).reversed());
    List<Live> next = new ArrayList<>();
    for (int rank = 0; rank < extensions.size() && next.size() < beams; rank++) {
      Extension extension = extensions.get(rank);
      if (!options.stopTokens().contains(extension.token)) {
        next.add(extension.grown());
      } else if (rank < beams) {
        finished.add(extension.ended());
      }
    }
    finished.sort(LIKELIEST);
    live = beaten(next) ? List.of() : next;
  }

  private void extend(int row, Candidates candidates, int batchRow, List<Extension> extensions) {
    Live hypothesis = live.get(row);
    int[] tokens = candidates.tokens()[batchRow];
    if (tokens.length == 0 || tokens[0] < 0) {
      finished.add(new Continuation(hypothesis.tokens, true, hypothesis.logProbability));
    }
    for (int i = 0; i < tokens.length && tokens[i] >= 0; i++) {
      double likely = hypothesis.logProbability + candidates.logProbabilities()[batchRow][i];
      extensions.add(new Extension(hypothesis, row, tokens[i], likely));
    }
  }

  /** Probabilities only fall: nothing unfinished can overtake enough finished ones above it. */
  private boolean beaten(List<Live> next) {
    return finished.size() >= beams
        && !next.isEmpty()
        && finished.get(beams - 1).logProbability() >= next.getFirst().logProbability;
  }

  boolean done() {
    return live.isEmpty();
  }

  /** The best continuations, finished or cut off, likeliest first. */
  List<Continuation> results() {
    List<Continuation> all = new ArrayList<>(finished);
    live.forEach(l -> all.add(new Continuation(l.tokens, false, l.logProbability)));
    all.sort(LIKELIEST);
    return List.copyOf(all.subList(0, Math.min(beams, all.size())));
  }
}
