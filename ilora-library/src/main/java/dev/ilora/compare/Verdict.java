package dev.ilora.compare;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.runs.Run;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Outcomes;
import dev.ilora.statistics.PairedTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a comparison says to somebody who wants to know which method to use: which one, how sure,
 * what it costs, and what to try next.
 *
 * @param best name of the method with the highest HR@1
 * @param sentences the verdict in words, the most important first
 */
public record Verdict(String best, List<String> sentences) {
  /** Copies the list. */
  public Verdict {
    sentences = List.copyOf(sentences);
  }

  /**
   * Judges runs on the same test cases and candidates.
   *
   * @param table that compares the runs
   * @param runs at least one, of one or several methods and seeds
   */
  public static Verdict of(ResultTable table, List<Run> runs, Bootstrap bootstrap) {
    List<MethodScores> order =
        table.methods().stream()
            .sorted(Comparator.comparingDouble((MethodScores m) -> hits(m).estimate()).reversed())
            .toList();
    MethodScores best = order.getFirst();
    Map<String, List<Run>> byMethod = MethodOrder.byMethod(runs);
    List<String> sentences = new ArrayList<>();
    sentences.add(
        text(
            "Use %s. It puts the right item first in %.1f %% of %,d cases%s (95 %% interval %.1f to"
                + " %.1f); guessing would in %.1f %%.",
            best.method(),
            100 * hits(best).estimate(),
            table.cases(),
            among(table),
            100 * hits(best).low(),
            100 * hits(best).high(),
            100 * chance(table)));
    if (order.size() > 1) {
      sentences.add(lead(byMethod, best.method(), order.get(1).method(), bootstrap));
    }
    if (order.size() < 2 || !order.get(1).method().equals(Method.POPULARITY.label())) {
      popularity(byMethod, best.method(), bootstrap).ifPresent(sentences::add);
    }
    sentences.add(cost(byMethod.get(best.method())));
    List<String> improving = improving(byMethod);
    if (!improving.isEmpty()) {
      sentences.add(
          "Next, train longer what was still improving at its last validation: "
              + String.join(", ", improving)
              + ".");
    }
    sentences.add(next(table, byMethod, !improving.isEmpty()));
    return new Verdict(best.method(), sentences);
  }

  private static Interval hits(MethodScores scores) {
    return scores.figures().get(Metric.HR_1);
  }

  private static String among(ResultTable table) {
    return table.candidates().isPresent()
        ? text(", among %,d candidates", table.candidates().getAsInt())
        : "";
  }

  private static double chance(ResultTable table) {
    return table.candidates().isPresent() ? 1.0 / table.candidates().getAsInt() : 0;
  }

  private static PairedTest test(
      Map<String, List<Run>> runs, String first, String second, Bootstrap bootstrap) {
    return PairedTest.of(
        outcomes(runs.get(first)), outcomes(runs.get(second)), Metric.HR_1, bootstrap);
  }

  private static List<Outcomes> outcomes(List<Run> runs) {
    return runs.stream().map(run -> run.on(CaseSet.TEST)).toList();
  }

  private static String lead(
      Map<String, List<Run>> runs, String best, String second, Bootstrap bootstrap) {
    Interval difference = test(runs, best, second, bootstrap).difference();
    String sure =
        difference.low() > 0
            ? "The lead is larger than chance among these users."
            : "That may be chance: either of the two may be the better one. Take the one that costs"
                + " less, or compare them on more users.";
    return text(
        "%s is next, %.1f points behind (95 %% interval %.1f to %.1f). %s",
        second, 100 * difference.estimate(), 100 * difference.low(), 100 * difference.high(), sure);
  }

  /** Whether anything was learned at all. */
  private static Optional<String> popularity(
      Map<String, List<Run>> runs, String best, Bootstrap bootstrap) {
    String popularity = Method.POPULARITY.label();
    if (best.equals(popularity)) {
      return Optional.of(
          "Nothing beats showing what is most popular. The other methods learned nothing that"
              + " helps: there may be too few interactions, or their order says nothing.");
    }
    if (!runs.containsKey(popularity)) {
      return Optional.empty();
    }
    Interval difference = test(runs, best, popularity, bootstrap).difference();
    return Optional.of(
        difference.low() > 0
            ? text(
                "It is %.1f points above showing what is most popular.",
                100 * difference.estimate())
            : "It is not clearly above showing what is most popular, which needs no training.");
  }

  private static String cost(List<Run> runs) {
    MethodCost cost = MethodCost.of(runs);
    return text(
        "Training it took %s, and a case takes %.1f ms here.",
        duration(cost.trainSeconds()), cost.caseMilliseconds());
  }

  private static String duration(double seconds) {
    return seconds < 90 ? text("%.0f s", seconds) : text("%.0f min", seconds / 60);
  }

  /**
   * Methods whose best validation was the last one, each with the setting that trains it longer.
   */
  private static List<String> improving(Map<String, List<Run>> runs) {
    List<String> improving = new ArrayList<>();
    runs.forEach(
        (method, ofMethod) ->
            ofMethod.stream()
                .flatMap(run -> ValidationCurve.of(run.curve(), 0).stream())
                .filter(ValidationCurve::improvedToTheEnd)
                .findFirst()
                .map(curve -> method + " (" + longer(curve.unit()) + ")")
                .ifPresent(improving::add));
    return improving;
  }

  private static String longer(ValidationCurve.Unit unit) {
    return switch (unit) {
      case EPOCH -> "recommender.epochs";
      case STEP -> "training.steps";
    };
  }

  private static String next(ResultTable table, Map<String, List<Run>> runs, boolean improving) {
    boolean oneSeed = table.methods().stream().allMatch(method -> method.seeds() == 1);
    if (table.users() < 100) {
      return text(
          "Only %,d users were asked, so all of these figures are coarse. %s",
          table.users(),
          improving ? "More users make them finer." : "More data tell more than more training.");
    }
    if (oneSeed && runs.size() > 1) {
      return "Each method was trained once. Close ones can change places with another seed; a study"
          + " with --seeds 3 tells.";
    }
    return "More users, or the same users later, would tell whether it holds.";
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
