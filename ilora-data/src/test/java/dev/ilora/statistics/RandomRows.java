package dev.ilora.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded rows of a made-up method. */
public final class RandomRows {
  private static final int[] CANDIDATES = IntStream.range(0, 20).toArray();

  private RandomRows() {}

  /**
   * Rows whose targets get a head start.
   *
   * @param users number of users
   * @param rowsPerUser rows of each
   * @param skill added to the target's score, 0 for chance
   * @param userSpread deviation of what each user's skill differs by, shared by the user's rows
   */
  public static List<Outcome> of(
      int users, int rowsPerUser, double skill, double userSpread, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Outcome> rows = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      double own = skill + userSpread * random.nextGaussian();
      for (int r = 0; r < rowsPerUser; r++) {
        int target = (u + 7 * r) % 20;
        double[] scores = random.doubles(20).toArray();
        scores[target] += own;
        rows.add(Outcome.scored(rows.size(), "u" + u, target, CANDIDATES, scores));
      }
    }
    return rows;
  }

  /** As {@link #of} as the predictions of a named method. */
  public static Outcomes predictions(String method, long seed, double skill) {
    return new Outcomes(
        method, seed, "scores", "sha256:aa", of(30, 4, skill, 0.2, seed + method.hashCode()));
  }
}
