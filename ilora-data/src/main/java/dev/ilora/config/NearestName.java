package dev.ilora.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who wrote a name that does not exist. */
public final class NearestName {
  private NearestName() {}

  /**
   * Returns the known name nearest to a given one by edit distance (insert, drop, replace, swap
   * neighbours), ignoring case and the characters {@code -} and {@code _}; of equally near ones the
   * first. Empty where none is near: more than a third of the letters would have to change.
   */
  public static Optional<String> of(String given, Collection<String> known) {
    String plain = plain(given);
    return known.stream()
        .filter(name -> distance(plain, plain(name)) <= allowed(plain, plain(name)))
        .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
  }

  /** Returns {@code "; did you mean NAME?"}, or else the known names, ready to append. */
  public static String hint(String given, Collection<String> known) {
    return of(given, known)
        .map(name -> "; did you mean " + name + "?")
        .orElseGet(() -> known.isEmpty() ? "" : "; known are " + String.join(", ", known));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  private static int allowed(String a, String b) {
    int longer = Math.max(a.length(), b.length());
    return Math.min(longer - 1, Math.max(1, longer / 3));
  }

  /** Optimal string alignment distance. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
