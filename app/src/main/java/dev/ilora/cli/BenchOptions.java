package dev.ilora.cli;

import dev.ilora.bench.BenchResult;
import dev.ilora.bench.Goal;
import dev.ilora.bench.Harness;
import dev.ilora.bench.Machine;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.PerformancePage;
import dev.ilora.config.ConfigException;
import dev.ilora.tensor.Torch;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all benches share: repetitions, threads, and how a result is printed. */
final class BenchOptions {
  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Timed runs of each variant (default: ${DEFAULT-VALUE}).")
  private int repetitions = 5;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation (default: all processors).")
  private int threads;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Sets the threads; times with the system's clock. */
  Harness harness(Terminal terminal) {
    if (repetitions < 1) {
      throw new ConfigException("--repetitions: expected at least 1, got " + repetitions);
    }
    if (threads < 0) {
      throw new ConfigException("--threads: expected at least 1, got " + threads);
    }
    if (threads > 0) {
      Torch.threads(threads);
    }
    return new Harness(repetitions, System::nanoTime, terminal.progress());
  }

  /** The words of the command line that was given. */
  List<String> words() {
    return command.root().commandLine().getParseResult().originalArgs();
  }

  /** Prints a result as a table, or as JSON. */
  void print(
      Map<String, Object> sizes,
      List<Measurement> measurements,
      List<Goal> goals,
      Terminal terminal) {
    BenchResult result =
        new BenchResult(
            command.name(),
            "ilora " + String.join(" ", words()),
            LocalDate.now(ZoneId.systemDefault()).toString(),
            Machine.describe(),
            sizes,
            measurements,
            goals);
    for (Measurement each : result.measurements()) {
      String figures =
          each.figures().entrySet().stream()
              .map(
                  f ->
                      PerformancePage.words(f.getKey())
                          + " "
                          + PerformancePage.number(f.getValue()))
              .collect(Collectors.joining(", "));
      terminal.line(
          String.format(
              Locale.ROOT,
              "%-16s %8.3f s [%.3f .. %.3f]  %s",
              each.name(),
              each.medianSeconds(),
              each.minSeconds(),
              each.maxSeconds(),
              figures));
    }
    for (Goal goal : result.goals()) {
      String measured =
          goal.measured() == null
              ? "not available"
              : PerformancePage.number(goal.measured()) + ", " + PerformancePage.verdict(goal);
      terminal.line("%s: goal %s, %s".formatted(goal.text(), goal.wanted(), measured));
    }
    terminal.json(result);
  }
}
