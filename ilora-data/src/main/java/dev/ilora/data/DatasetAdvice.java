package dev.ilora.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the figures of a data set mean for an evaluation on it, in words. */
final class DatasetAdvice {
  private static final double MOST = 0.5;
  private static final double SORTED = 0.9;
  private static final double SOME = 0.1;
  private static final double CLEARLY = 1.5;

  private DatasetAdvice() {}

  /** One sentence or two for each thing one should know; never empty. */
  static List<String> of(DatasetSummary summary) {
    List<String> advice = new ArrayList<>();
    order(summary, advice);
    int cases = summary.rowsByPart().getOrDefault(Part.TEST.fileName(), 0);
    summary.baselines().ifPresent(baselines -> ids(baselines, cases, advice));
    cases(summary, advice);
    if (advice.isEmpty()) {
      advice.add("Nothing here speaks against an evaluation.");
    }
    return advice;
  }

  private static void order(DatasetSummary summary, List<String> advice) {
    OrderSummary order = summary.order();
    if (!summary.hasTimes()) {
      advice.add(
          "There are no times. The order is that of the source: an evaluation of what comes next is"
              + " only worth as much as that order.");
    }
    if (order.tiedShare() > MOST) {
      advice.add(
          text(
              "%.0f %% of neighbours have the same time. What comes next among them is an accident,"
                  + " so no method can be right often, and one that is has learned the tie-break.",
              100 * order.tiedShare()));
    }
    if (order.tiedShare() > SOME && order.ascendingShare() > SORTED) {
      advice.add(
          text(
              "%.0f %% of tied neighbours ascend in the catalogue: the source is sorted by item"
                  + " within equal times. Import it again with --ties random.",
              100 * order.ascendingShare()));
    }
    if (order.duplicates() > 0) {
      advice.add(
          text(
              "%,d interactions are duplicates. The last item of a history can be the target:"
                  + " import again with --drop-duplicates.",
              order.duplicates()));
    }
    if (order.burstShare() > MOST && order.tiedShare() <= MOST) {
      advice.add(
          text(
              "%.0f %% of neighbours are less than a minute apart: people worked through a list."
                  + " The order of the list is part of what is predicted.",
              100 * order.burstShare()));
    }
  }

  private static void ids(Baselines baselines, int cases, List<String> advice) {
    double best = Math.max(baselines.idAbove(), baselines.idBelow());
    double others = Math.max(baselines.chance(), baselines.popularity());
    // Two standard errors: of a dozen cases, any rule is right in some.
    double chancy = 2 * Math.sqrt(best * (1 - best) / Math.max(1, cases));
    if (best > CLEARLY * baselines.chance() && best > others + chancy) {
      String direction = baselines.idAbove() >= baselines.idBelow() ? "above" : "below";
      advice.add(
          text(
              "The candidate with the next id %s the last item's is the target in %.1f %% of cases,"
                  + " the most popular one in %.1f %%, a guess in %.1f %%. Ids tell what comes"
                  + " next, so a high score need not mean taste.",
              direction, 100 * best, 100 * baselines.popularity(), 100 * baselines.chance()));
    }
  }

  private static void cases(DatasetSummary summary, List<String> advice) {
    int cases = summary.rowsByPart().getOrDefault(Part.TEST.fileName(), 0);
    if (cases == 0) {
      advice.add("There are no test cases: users have too few interactions for this split.");
    } else if (summary.coldRows() > SOME * cases) {
      advice.add(
          text(
              "%.0f %% of test cases ask for an item that training never saw. Methods that know"
                  + " items by number cannot answer them.",
              100.0 * summary.coldRows() / cases));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
