package dev.ilora.runs;

import dev.ilora.files.JsonLine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a gate mixed the experts for one evaluated row.
 *
 * @param row index of the row in the evaluation file
 * @param user the user's raw id
 * @param group name of the user's group where one is known, such as the demo world's taste rule;
 *     otherwise null
 * @param weights weight of each expert, (K); the mean over layers where each layer has a gate
 */
public record ExpertWeights(int row, String user, String group, double[] weights) {
  /** Checks that the user is there. */
  public ExpertWeights {
    Objects.requireNonNull(user, "user");
  }

  Map<String, Object> line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("row", row);
    line.put("user", user);
    if (group != null) {
      line.put("group", group);
    }
    line.put("weights", weights);
    return line;
  }

  static ExpertWeights of(JsonLine line) {
    return new ExpertWeights(
        line.integer("row"), line.text("user"), line.textOrNull("group"), line.numbers("weights"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExpertWeights o
        && row == o.row
        && user.equals(o.user)
        && Objects.equals(group, o.group)
        && Arrays.equals(weights, o.weights);
  }

  @Override
  public int hashCode() {
    return Objects.hash(row, user, group, Arrays.hashCode(weights));
  }
}
