package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.ScoreBench;
import dev.ilora.bench.Workload;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code ilora bench score}. */
@CommandLine.Command(
    name = "score",
    header = "Scoring candidates: token trees, one at a time in the reference style.",
    footer = {"", "Example:", "  ilora bench score --data data/ml-100k --json > score.json"})
final class BenchScoreCommand implements Command {
  @Mixin private BenchOptions options;

  @Mixin private BenchSizeOptions sizes;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<DType> dtypes = sizes.dtypes();
    Harness harness = sizes.only(options.harness(terminal));
    try (Workload workload = sizes.workload()) {
      List<Measurement> measurements = new ScoreBench(workload, dtypes).run(harness);
      options.print(sizes.chosen(workload), measurements, ScoreBench.goals(measurements), terminal);
    }
  }
}
