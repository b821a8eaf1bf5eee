package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.TrainBench;
import dev.ilora.bench.Workload;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ilora bench train}. */
@CommandLine.Command(
    name = "train",
    header = "Training steps: iLoRA, plain LoRA, the frozen model, the reference style.",
    description = {
      "Utilisation is the necessary matrix products of a step, divided by its time, as a share of",
      "the rate of plain products of the same shapes. Peak memory is measured in a process of its",
      "own for each variant, from the size before the first step."
    },
    footer = {"", "Example:", "  ilora bench train --data data/ml-100k --json > train.json"})
final class BenchTrainCommand implements Command {
  /** A heap that does not grow, so that it is no part of what a step takes. */
  private static final List<String> FIXED_HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

  @Mixin private BenchOptions options;

  @Mixin private BenchSizeOptions sizes;

  @Option(names = "--no-memory", description = "Leave out the peak memory.")
  private boolean noMemory;

  @Option(names = "--memory-of", hidden = true, description = "Measure nothing but this variant.")
  private String memoryOf;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<DType> dtypes = sizes.dtypes();
    Harness harness = sizes.only(options.harness(terminal));
    try (Workload workload = sizes.workload()) {
      TrainBench bench = new TrainBench(workload, dtypes);
      if (memoryOf == null) {
        compare(workload, bench, harness, terminal);
      } else {
        Map<String, Object> result = new LinkedHashMap<>();
        TrainBench.Memory memory = bench.memory(memoryOf);
        result.put(TrainBench.PEAK_MIB, mebibytes(memory.peak()));
        result.put(TrainBench.WORKING_MIB, mebibytes(memory.working()));
        terminal.json(result);
      }
    }
  }

  private static Double mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes.getAsLong() / 1048576.0 : null;
  }

  private void compare(Workload workload, TrainBench bench, Harness harness, Terminal terminal)
      throws IOException {
    List<Measurement> measurements = bench.run(harness);
    if (!noMemory) {
      measurements = withMemory(measurements, bench.variants(), terminal);
    }
    options.print(sizes.chosen(workload), measurements, TrainBench.goals(measurements), terminal);
  }

  private List<Measurement> withMemory(
      List<Measurement> measurements, List<String> variants, Terminal terminal) throws IOException {
    List<Measurement> all = new ArrayList<>();
    int done = 0;
    for (Measurement each : measurements) {
      if (variants.contains(each.name())) {
        List<String> words = new ArrayList<>(options.words());
        words.removeAll(List.of("--json", "--quiet", "-q"));
        words.addAll(List.of("--memory-of", each.name(), "--quiet"));
        var memory = OwnProcess.json(FIXED_HEAP, words);
        done++;
        terminal.progress().update("bench memory", done, variants.size(), each.name());
        Measurement known = each;
        for (String figure : List.of(TrainBench.PEAK_MIB, TrainBench.WORKING_MIB)) {
          if (!memory.get(figure).isNull()) {
            known = known.with(figure, memory.get(figure).asDouble());
          }
        }
        all.add(known);
      } else {
        all.add(each);
      }
    }
    return all;
  }
}
