package dev.ilora.report;

import dev.ilora.runs.TrainingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * A line for each run over a training, as inline SVG.
 *
 * @param title what the values are
 * @param unit what is counted from left to right
 * @param lines at least one
 * @param fromZero whether the upright axis begins at 0
 * @param guide where a dashed line lies, such as chance
 */
record LineChart(
    String title, String unit, List<Line> lines, boolean fromZero, OptionalDouble guide) {
  private static final double WIDTH = 440;
  private static final double HEIGHT = 240;
  private static final double LEFT = 62;
  private static final double RIGHT = 24;
  private static final double TOP = 12;
  private static final double BOTTOM = 34;
  private static final int MOST_POINTS = 600;

  /**
   * One run.
   *
   * @param name shown when pointed at
   * @param look colour and dashes, as SVG's attributes and their values in turn
   * @param steps x of each point, rising, (P)
   * @param values y of each point, (P)
   * @param marked the point with a ring
   */
  record Line(String name, List<String> look, double[] steps, double[] values, OptionalInt marked) {
    /** The points of a curve that have a value of this name. */
    static Line of(String name, List<String> look, List<TrainingPoint> curve, String key) {
      List<TrainingPoint> points =
          curve.stream().filter(point -> point.values().containsKey(key)).toList();
      return new Line(
          name,
          look,
          points.stream().mapToDouble(TrainingPoint::step).toArray(),
          points.stream().mapToDouble(point -> point.values().get(key)).toArray(),
          OptionalInt.empty());
    }

    private int point() {
      return marked.orElse(0);
    }
  }

  /** Writes the chart with its title. */
  void write(Html page) {
    Axis x = Axis.of(0, lines.stream().flatMapToDouble(l -> Arrays.stream(l.steps)));
    DoubleStream values = lines.stream().flatMapToDouble(l -> Arrays.stream(l.values));
    Axis y = fromZero ? Axis.of(0, values) : Axis.of(values);
    page.open("figure");
    page.element("figcaption", title);
    page.open(
        "svg",
        "viewBox",
        format("0 0 %.0f %.0f", WIDTH, HEIGHT),
        "role",
        "img",
        "aria-label",
        title);
    y.ticks().forEach(tick -> tick(page, y, tick));
    guide.ifPresent(value -> horizontal(page, down(y, value), "chance"));
    x.ticks().forEach(tick -> below(page, x, tick));
    page.element(
        "text", unit, "x", number(WIDTH - RIGHT), "y", number(HEIGHT - 2), "text-anchor", "end");
    lines.forEach(line -> line(page, line, x, y));
    page.close().close();
  }

  private static void tick(Html page, Axis y, double tick) {
    horizontal(page, down(y, tick), "grid");
    page.element(
        "text",
        y.label(tick),
        "x",
        number(LEFT - 7),
        "y",
        number(down(y, tick) + 4),
        "text-anchor",
        "end");
  }

  private static void horizontal(Html page, double at, String kind) {
    page.empty(
        "line",
        "x1",
        number(LEFT),
        "x2",
        number(WIDTH - RIGHT),
        "y1",
        number(at),
        "y2",
        number(at),
        "class",
        kind);
  }

  private static void below(Html page, Axis x, double tick) {
    page.element(
        "text",
        x.label(tick),
        "x",
        number(across(x, tick)),
        "y",
        number(HEIGHT - BOTTOM + 17),
        "text-anchor",
        "middle");
  }

  private static void line(Html page, Line line, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (int i : kept(line.values)) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(number(across(x, line.steps[i])))
          .append(' ')
          .append(number(down(y, line.values[i])));
    }
    List<String> attributes = new ArrayList<>(List.of("d", path.toString(), "class", "curve"));
    attributes.addAll(line.look);
    page.open("path", attributes.toArray(String[]::new));
    page.element("title", line.name).close();
    if (line.values.length == 1 || line.marked.isPresent()) {
      dot(page, line, across(x, line.steps[line.point()]), down(y, line.values[line.point()]));
    }
  }

  private static void dot(Html page, Line line, double x, double y) {
    List<String> attributes =
        new ArrayList<>(List.of("cx", number(x), "cy", number(y), "r", "4.5", "class", "ring"));
    attributes.addAll(line.look.subList(0, 2));
    page.open("circle", attributes.toArray(String[]::new));
    page.element("title", line.name).close();
  }

  /** All points of a short line; of a long one the lowest and highest of each stretch. */
  static List<Integer> kept(double[] values) {
    List<Integer> kept = new ArrayList<>();
    int stretch = Math.max(1, (int) Math.ceil(2.0 * values.length / MOST_POINTS));
    for (int from = 0; from < values.length; from += stretch) {
      int to = Math.min(values.length, from + stretch);
      int low = from;
      int high = from;
      for (int i = from; i < to; i++) {
        low = values[i] < values[low] ? i : low;
        high = values[i] > values[high] ? i : high;
      }
      kept.add(Math.min(low, high));
      if (low != high) {
        kept.add(Math.max(low, high));
      }
    }
    return kept;
  }

  private static double across(Axis x, double value) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double down(Axis y, double value) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return format("%.1f", value);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
