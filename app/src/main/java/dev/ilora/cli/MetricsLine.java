package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import java.util.Locale;

/** The main metrics in one line. */
final class MetricsLine {
  private MetricsLine() {}

  static String of(Metrics metrics) {
    return String.format(
        Locale.ROOT,
        "HR@1 %.4f, HR@5 %.4f, NDCG@5 %.4f, MRR %.4f over %s",
        metrics.get(Metric.HR_1),
        metrics.get(Metric.HR_5),
        metrics.get(Metric.NDCG_5),
        metrics.get(Metric.MRR),
        Counted.of(metrics.rows(), "case"));
  }
}
