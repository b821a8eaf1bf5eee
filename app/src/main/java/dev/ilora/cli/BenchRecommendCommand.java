package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.RecommendBench;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code ilora bench recommend}. */
@CommandLine.Command(
    name = "recommend",
    header = "Recommenders: an epoch of training, scores of the whole catalogue.",
    footer = {
      "",
      "Example:",
      "  ilora bench recommend --data data/ml-100k --json > recommend.json"
    })
final class BenchRecommendCommand implements Command {
  @Mixin private BenchOptions options;

  @Mixin private BenchData data;

  @Override
  public void run(Terminal terminal) throws IOException {
    Harness harness = options.harness(terminal);
    RecommendBench bench = new RecommendBench(data.dataset());
    List<Measurement> measurements = bench.run(harness);
    options.print(Map.of("data", data.name()), measurements, bench.goals(measurements), terminal);
  }
}
