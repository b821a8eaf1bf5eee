package dev.ilora.statistics;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What one method did with one evaluation row.
 *
 * <p>Arrays are not copied, so that rows over a whole catalogue share their candidates; treat them
 * as read only. Equality compares their content.
 *
 * @param row index of the row in the evaluation file
 * @param user the user's raw id; rows of one user form a cluster in intervals and tests
 * @param target id of the item that came next
 * @param candidates item ids ranked, (N), the target among them
 * @param scores score of each candidate, (N); empty where a protocol gives none or they were left
 *     out
 * @param rank rank of the target among the candidates, from 1; {@link #UNRANKED} where the protocol
 *     only says that the target was not chosen
 * @param answer the text a language model wrote; empty where the method ranks only
 */
public record Outcome(
    int row,
    String user,
    int target,
    int[] candidates,
    Optional<double[]> scores,
    int rank,
    Optional<Answer> answer) {
  /** The target was not chosen and nothing more is known: a miss at every cut-off. */
  public static final int UNRANKED = 0;

  /** Checks that the target is a candidate and the rank possible. */
  public Outcome {
    Objects.requireNonNull(user, "user");
    Ranking.position(row, target, candidates);
    if (rank < 0 || rank > candidates.length) {
      throw new IllegalArgumentException(
          "row " + row + ": rank " + rank + " is outside 0.." + candidates.length);
    }
    scores
        .filter(all -> all.length != candidates.length)
        .ifPresent(
            all -> {
              throw new IllegalArgumentException(
                  "row %s: %s scores for %s candidates"
                      .formatted(row, all.length, candidates.length));
            });
  }

  /** A row ranked by scores, ties broken as in {@link Ranking}. */
  public static Outcome scored(
      int row, String user, int target, int[] candidates, double[] scores) {
    int rank = Ranking.rank(row, target, candidates, scores);
    return new Outcome(row, user, target, candidates, Optional.of(scores), rank, Optional.empty());
  }

  /** A row of free generation: rank 1 if the answer names the target, otherwise unranked. */
  public static Outcome answered(
      int row, String user, int target, int[] candidates, Answer answer) {
    Ranking.checkDistinct(row, candidates);
    int rank = answer.item() == target ? 1 : UNRANKED;
    return new Outcome(row, user, target, candidates, Optional.empty(), rank, Optional.of(answer));
  }

  /** This ranking with the text generated for the same row. */
  public Outcome withAnswer(Answer text) {
    return new Outcome(row, user, target, candidates, scores, rank, Optional.of(text));
  }

  /** This row without its scores, for smaller files. */
  public Outcome withoutScores() {
    return new Outcome(row, user, target, candidates, Optional.empty(), rank, answer);
  }

  /** Whether the target is at this rank or better. */
  public boolean hit(int cutoff) {
    return rank != UNRANKED && rank <= cutoff;
  }

  /** Whether the answer names a candidate; a method that only ranks always does. */
  public boolean valid() {
    return answer.isEmpty() || answer.get().valid();
  }

  /** Whether the answer names the target; for a method that only ranks, whether it is first. */
  public boolean answeredTarget() {
    return answer.map(text -> text.item() == target).orElse(rank == 1);
  }

  /** As {@link #valid} under the reference's rule. */
  public boolean referenceValid() {
    return answer.isEmpty() || answer.get().referenceItem() != Answer.NONE;
  }

  /** As {@link #answeredTarget} under the reference's rule. */
  public boolean referenceAnsweredTarget() {
    return answer.map(text -> text.referenceItem() == target).orElse(rank == 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Outcome o
        && row == o.row
        && user.equals(o.user)
        && target == o.target
        && rank == o.rank
        && Arrays.equals(candidates, o.candidates)
        && Arrays.equals(scores.orElse(null), o.scores.orElse(null))
        && answer.equals(o.answer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(row, user, target, rank, Arrays.hashCode(candidates), answer);
  }
}
