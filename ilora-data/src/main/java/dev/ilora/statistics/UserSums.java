package dev.ilora.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One metric's two sums for each user, the mean over the seeds of a method.
 *
 * @param numerator what the user's rows add above the line, (U)
 * @param denominator what they add below it, (U)
 */
record UserSums(double[] numerator, double[] denominator) {
  static UserSums of(List<List<Outcome>> seeds, Metric metric) {
    if (seeds.isEmpty() || seeds.getFirst().isEmpty()) {
      throw new IllegalArgumentException("no rows to resample");
    }
    Map<String, Integer> users = new LinkedHashMap<>();
    seeds.getFirst().forEach(row -> users.putIfAbsent(row.user(), users.size()));
    double[] numerator = new double[users.size()];
    double[] denominator = new double[users.size()];
    for (List<Outcome> rows : seeds) {
      for (Outcome row : rows) {
        int user = index(users, row);
        numerator[user] += metric.numerator(row) / seeds.size();
        denominator[user] += metric.denominator(row) / seeds.size();
      }
    }
    return new UserSums(numerator, denominator);
  }

  int users() {
    return numerator.length;
  }

  /** The figure on all rows. */
  double estimate() {
    double above = 0;
    double below = 0;
    for (int u = 0; u < numerator.length; u++) {
      above += numerator[u];
      below += denominator[u];
    }
    return Metric.ratio(above, below);
  }

  /** The figure where user u occurs {@code counts[u]} times. */
  double estimate(double[] counts) {
    double above = 0;
    double below = 0;
    for (int u = 0; u < counts.length; u++) {
      above += counts[u] * numerator[u];
      below += counts[u] * denominator[u];
    }
    return Metric.ratio(above, below);
  }

  private static int index(Map<String, Integer> users, Outcome row) {
    Integer user = users.get(row.user());
    if (user == null) {
      throw new IllegalArgumentException(
          "row "
              + row.row()
              + ": user '"
              + row.user()
              + "' does not occur in the first seed's rows");
    }
    return user;
  }
}
