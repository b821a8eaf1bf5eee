package dev.ilora.adapter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to adapt and with how many experts of which rank. Plain LoRA is one expert.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, section 3: the total rank is fixed (16) and divided
 * among the experts (4 of rank 4), so that a mixture has as many parameters as plain LoRA.
 *
 * @param targets the projections of every layer that get an adapter
 * @param ranks rank of each expert, 1 to 16 of them
 * @param alpha the update of an expert of rank R is scaled by alpha / R, or as the form says
 * @param dropout share of the adapters' inputs dropped in training, 0 to below 1
 * @param form in what form updates are learned
 */
public record AdapterConfig(
    Set<Projection> targets, List<Integer> ranks, double alpha, double dropout, LoraForm form) {
  /** More experts than this are refused: the paper's studies end at 8, the total rank is 16. */
  public static final int MAX_EXPERTS = 16;

  /** A higher total rank is refused: it would be above the width of what is adapted. */
  public static final int MAX_RANK = 1024;

  /** A higher alpha is refused. */
  public static final double MAX_ALPHA = 1e6;

  /** Checks the bounds. */
  public AdapterConfig {
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("targets: expected at least one projection, got none");
    }
    if (ranks.isEmpty() || ranks.size() > MAX_EXPERTS) {
      throw new IllegalArgumentException(
          "experts: expected 1 to %s, got %s".formatted(MAX_EXPERTS, ranks.size()));
    }
    for (int rank : ranks) {
      if (rank < 1 || rank > MAX_RANK) {
        throw new IllegalArgumentException(
            "rank of an expert: expected 1 to %s, got %s".formatted(MAX_RANK, rank));
      }
    }
    if (!(alpha > 0 && alpha <= MAX_ALPHA)) {
      throw new IllegalArgumentException(
          "alpha: expected a positive number of at most %s, got %s".formatted(MAX_ALPHA, alpha));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: expected 0 <= dropout < 1, got " + dropout);
    }
    targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
    ranks = List.copyOf(ranks);
  }

  /** Updates in the first published form. */
  public AdapterConfig(Set<Projection> targets, List<Integer> ranks, double alpha, double dropout) {
    this(targets, ranks, alpha, dropout, LoraForm.PLAIN);
  }

  /** The same, learned in another form. */
  public AdapterConfig in(LoraForm other) {
    return new AdapterConfig(targets, ranks, alpha, dropout, other);
  }

  /** What the update of an expert of some rank is multiplied by. */
  double scale(int rank) {
    return alpha / (form.rankStabilised() ? Math.sqrt(rank) : rank);
  }

  /**
   * What the update of one expert alone is multiplied by.
   *
   * @throws IllegalStateException if there are several
   */
  public double scale() {
    if (experts() > 1) {
      throw new IllegalStateException("%s experts have no scale in common".formatted(experts()));
    }
    return scale(totalRank());
  }

  /** Plain LoRA: one expert of the whole rank. */
  public static AdapterConfig lora(
      Set<Projection> targets, int rank, double alpha, double dropout) {
    return new AdapterConfig(targets, List.of(rank), alpha, dropout);
  }

  /**
   * Experts of equal rank that share a total rank.
   *
   * @throws IllegalArgumentException if the total rank is not a multiple of the number of experts
   */
  public static AdapterConfig mixture(
      Set<Projection> targets, int experts, int totalRank, double alpha, double dropout) {
    if (experts < 1 || totalRank % experts != 0) {
      throw new IllegalArgumentException(
          "total rank %s is not a multiple of %s experts: list the ranks to make them unequal"
              .formatted(totalRank, experts));
    }
    return new AdapterConfig(
        targets,
        new ArrayList<>(Collections.nCopies(experts, totalRank / experts)),
        alpha,
        dropout);
  }

  /** All seven projections, as in the paper. */
  public static Set<Projection> allTargets() {
    return EnumSet.allOf(Projection.class);
  }

  /** Number of experts, K. */
  public int experts() {
    return ranks.size();
  }

  /** Sum of the experts' ranks. */
  public int totalRank() {
    return ranks.stream().mapToInt(Integer::intValue).sum();
  }
}
