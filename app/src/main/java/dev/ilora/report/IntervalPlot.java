package dev.ilora.report;

import dev.ilora.compare.GainTable;
import dev.ilora.compare.ResultTable;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Intervals of HR@1, or of differences of it, drawn on one scale, a small drawing a line of the
 * table.
 *
 * @param low value at the left end
 * @param top value at the right end
 * @param mark where a dashed line stands, such as the value of a guess; none outside the scale
 */
record IntervalPlot(double low, double top, double mark) {
  private static final int WIDTH = 140;
  private static final int HEIGHT = 20;
  private static final int MARGIN = 6;

  /**
   * The scale of a table's HR@1, from 0.
   *
   * @param chance HR@1 of a guess; not marked at 0
   */
  static IntervalPlot of(ResultTable table, double chance) {
    double highest =
        table.methods().stream()
            .mapToDouble(method -> method.figures().get(Metric.HR_1).high())
            .max()
            .orElse(1);
    return new IntervalPlot(0, tenths(highest), chance > 0 ? chance : -1);
  }

  /** The scale of a table's gains, as far to the left as to the right of 0, which is marked. */
  static IntervalPlot of(GainTable table) {
    double farthest =
        table.lines().stream()
            .flatMap(line -> line.gain().flatMap(GainTable.Gain::difference).stream())
            .mapToDouble(gain -> Math.max(Math.abs(gain.low()), gain.high()))
            .max()
            .orElse(1);
    return new IntervalPlot(-tenths(farthest), tenths(farthest), 0);
  }

  private static double tenths(double value) {
    return Math.min(1, Math.ceil(10 * Math.max(value, 0.05)) / 10);
  }

  void writeScale(Html page) {
    frame(page, "role", "img", "aria-label", "from " + number(low) + " to " + number(top));
    page.element("text", number(low), "x", x(low), "y", "14", "text-anchor", "start");
    page.element("text", number(top), "x", x(top), "y", "14", "text-anchor", "end");
    page.close();
  }

  /** Draws an interval, which its figures beside it say as well. */
  void write(Html page, Interval interval, String colour) {
    frame(page, "aria-hidden", "true");
    line(page, x(low), x(top), "10", "10", "grid");
    if (low <= mark && mark <= top) {
      line(page, x(mark), x(mark), "1", "19", "chance");
    }
    page.empty(
        "line",
        "x1",
        x(interval.low()),
        "x2",
        x(interval.high()),
        "y1",
        "10",
        "y2",
        "10",
        "stroke",
        colour,
        "stroke-width",
        "3",
        "stroke-linecap",
        "round");
    page.empty("circle", "cx", x(interval.estimate()), "cy", "10", "r", "4.5", "fill", colour);
    page.close();
  }

  private static void frame(Html page, String... more) {
    List<String> attributes =
        new ArrayList<>(
            List.of(
                "class",
                "interval",
                "width",
                Integer.toString(WIDTH),
                "height",
                Integer.toString(HEIGHT),
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT));
    attributes.addAll(List.of(more));
    page.open("svg", attributes.toArray(String[]::new));
  }

  private static void line(Html page, String x1, String x2, String y1, String y2, String kind) {
    page.empty("line", "x1", x1, "x2", x2, "y1", y1, "y2", y2, "class", kind);
  }

  private String x(double value) {
    double share = (Math.clamp(value, low, top) - low) / (top - low);
    return String.format(Locale.ROOT, "%.1f", MARGIN + share * (WIDTH - 2 * MARGIN));
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1f", value);
  }
}
