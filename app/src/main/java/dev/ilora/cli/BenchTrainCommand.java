package dev.ilora.cli;

import dev.ilora.bench.BenchResult;
import dev.ilora.bench.Harness;
import dev.ilora.bench.Machine;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.TrainBench;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code ilora bench train}. */
@CommandLine.Command(
    name = "train",
    header = "Training steps: iLoRA, plain LoRA, the frozen model, the reference style.",
    footer = {"", "Example:", "  ilora bench train --data data/ml-100k --repetitions 5"})
final class BenchTrainCommand implements Command {
  @Mixin private BenchOptions options;

  @Mixin private BenchSizeOptions sizes;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<DType> dtypes = sizes.dtypes();
    Harness harness = options.harness(terminal);
    try (var workload = sizes.workload()) {
      List<Measurement> measurements = new TrainBench(workload, dtypes).run(harness);
      BenchOptions.print(
          new BenchResult(
              "train",
              options.commandLine(),
              LocalDate.now().toString(),
              Machine.describe(),
              sizes.chosen(),
              measurements,
              TrainBench.goals(measurements)),
          terminal);
    }
  }
}
