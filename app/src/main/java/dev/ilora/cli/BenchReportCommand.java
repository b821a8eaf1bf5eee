package dev.ilora.cli;

import dev.ilora.bench.BenchResult;
import dev.ilora.bench.PerformancePage;
import dev.ilora.files.WholeFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora bench report}. */
@CommandLine.Command(
    name = "report",
    header = "Write a page in Markdown from results of benches.",
    footer = {
      "",
      "Example:",
      "  ilora bench report train.json score.json --out docs/performance.md"
    })
final class BenchReportCommand implements Command {
  @Parameters(
      paramLabel = "RESULT",
      arity = "1..*",
      description = "What a bench printed with --json.")
  private List<Path> files;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Page to write.")
  private Path out;

  @Override
  public void run(Terminal terminal) {
    List<BenchResult> results = files.stream().map(BenchResult::read).toList();
    WholeFile.write(out, PerformancePage.of(results));
    terminal.line("written: " + out);
    terminal.json(Map.of("page", out.toString()));
  }
}
