package dev.ilora.report;

import dev.ilora.eval.Interval;
import dev.ilora.eval.Metric;
import dev.ilora.results.ResultTable;
import java.util.Locale;

/**
 * Intervals of HR@1 drawn on one scale from 0, a small drawing a line of the table.
 *
 * @param top value at the right end
 * @param chance where a dashed line marks the value of a guess; none at 0
 */
record IntervalPlot(double top, double chance) {
  private static final int WIDTH = 140;
  private static final int HEIGHT = 20;
  private static final int MARGIN = 6;

  static IntervalPlot of(ResultTable table, double chance) {
    double highest =
        table.rows().stream()
            .mapToDouble(row -> row.figures().get(Metric.HR_1).high())
            .max()
            .orElse(1);
    return new IntervalPlot(Math.min(1, Math.ceil(10 * Math.max(highest, 0.05)) / 10), chance);
  }

  void writeScale(Html page) {
    frame(page, "HR@1 from 0 to " + number(top));
    page.element("text", "0", "x", Integer.toString(MARGIN), "y", "14", "text-anchor", "middle");
    page.element("text", number(top), "x", x(top), "y", "14", "text-anchor", "end");
    page.close();
  }

  void write(Html page, Interval interval, String colour) {
    frame(page, "");
    line(page, x(0), x(top), "10", "10", "grid");
    if (chance > 0 && chance <= top) {
      line(page, x(chance), x(chance), "1", "19", "chance");
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

  private void frame(Html page, String label) {
    page.open(
        "svg",
        "class",
        "interval",
        "width",
        Integer.toString(WIDTH),
        "height",
        Integer.toString(HEIGHT),
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "role",
        "img",
        "aria-label",
        label);
  }

  private static void line(Html page, String x1, String x2, String y1, String y2, String kind) {
    page.empty("line", "x1", x1, "x2", x2, "y1", y1, "y2", y2, "class", kind);
  }

  private String x(double value) {
    double clipped = Math.clamp(value, 0, top);
    return String.format(Locale.ROOT, "%.1f", MARGIN + clipped / top * (WIDTH - 2 * MARGIN));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
