package dev.ilora.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A scale whose ends and ticks are round numbers.
 *
 * @param low value at the start
 * @param high value at the end, above low
 * @param spacing between ticks
 */
record Axis(double low, double high, double spacing) {
  private static final int TICKS = 5;

  /** An axis over the values. */
  static Axis of(DoubleStream values) {
    DoubleSummaryStatistics range = values.summaryStatistics();
    return round(range.getMin(), range.getMax());
  }

  /** An axis over the values that begins at a given one. */
  static Axis of(double low, DoubleStream values) {
    return round(low, Math.max(low, values.max().orElse(low)));
  }

  private static Axis round(double min, double max) {
    double span = max > min ? max - min : Math.max(1e-9, Math.abs(max));
    double rough = span / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    double spacing = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    double low = Math.floor(min / spacing) * spacing;
    double high = Math.max(Math.ceil(max / spacing), Math.floor(min / spacing) + 1) * spacing;
    return new Axis(low, high, spacing);
  }

  /** Where a value lies, 0 at the start and 1 at the end. */
  double share(double value) {
    return (value - low) / (high - low);
  }

  List<Double> ticks() {
    int count = (int) Math.round((high - low) / spacing);
    return IntStream.rangeClosed(0, count).mapToObj(i -> low + i * spacing).toList();
  }

  /** A tick as text, without more digits than the spacing needs. */
  String label(double tick) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9));
    if (Math.abs(high) < 1e-3 && Math.abs(low) < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", tick);
    }
    return BigDecimal.valueOf(tick).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }
}
