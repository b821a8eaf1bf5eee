package dev.ilora.cli;

import dev.ilora.bench.GenerateBench;
import dev.ilora.bench.Harness;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.Workload;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code ilora bench generate}. */
@CommandLine.Command(
    name = "generate",
    header = "Decoding: greedy, constrained to candidates, one query at a time.",
    footer = {"", "Example:", "  ilora bench generate --data data/ml-100k --json > generate.json"})
final class BenchGenerateCommand implements Command {
  @Mixin private BenchOptions options;

  @Mixin private BenchSizeOptions sizes;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<DType> dtypes = sizes.dtypes();
    Harness harness = sizes.only(options.harness(terminal));
    try (Workload workload = sizes.workload()) {
      List<Measurement> measurements = new GenerateBench(workload, dtypes).run(harness);
      options.print(
          sizes.chosen(workload), measurements, GenerateBench.goals(measurements), terminal);
    }
  }
}
