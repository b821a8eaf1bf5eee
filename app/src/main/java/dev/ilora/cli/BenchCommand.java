package dev.ilora.cli;

import java.util.List;
import picocli.CommandLine;

/** {@code ilora bench}: measures speed and memory. */
@CommandLine.Command(
    name = "bench",
    header = "Measure the speed and memory of training, scoring, serving and import.",
    description = {
      "Variants of the same work run alternately in one process; figures are medians. Random",
      "weights, prompts of real rows. Compare ratios, not seconds, on a machine that does other",
      "work."
    })
final class BenchCommand {
  /** The benches; not annotated, since only their own command line has use for their options. */
  static List<Class<?>> subcommands() {
    return List.of(
        BenchTrainCommand.class,
        BenchShapeCommand.class,
        BenchScoreCommand.class,
        BenchGenerateCommand.class,
        BenchPromptsCommand.class,
        BenchRecommendCommand.class,
        BenchServeCommand.class,
        BenchImportCommand.class,
        BenchReportCommand.class);
  }
}
