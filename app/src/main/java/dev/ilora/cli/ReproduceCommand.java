package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.experiment.Reproduction;
import dev.ilora.experiment.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora reproduce}: a run made again, compared bit by bit. */
@CommandLine.Command(
    name = "reproduce",
    header = "Train and evaluate a finished run again, and compare the bits.",
    description = {
      "The run's recipe, seed and number of threads are used again, in a folder of its own. The"
          + " same",
      "program on the same kind of processor gives the same bits; others may round differently."
          + " The",
      "exit code is 1 where anything differs."
    },
    footer = {"", "Example:", "  ilora reproduce runs/ml-100k/ilora-seed1"})
final class ReproduceCommand implements Command {
  @Parameters(paramLabel = "RUN", description = "A finished run folder of ilora train or study.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Folder for the new run (default: RUN-reproduced).")
  private Path out;

  @Override
  public void run(Terminal terminal) {
    Path folder = out != null ? out : run.resolveSibling(run.getFileName() + "-reproduced");
    if (Files.exists(folder)) {
      throw new BadInputException(folder, "exists already; choose another folder with --out");
    }
    if (!Models.isRun(run)) {
      throw new BadInputException(
          run, Files.isDirectory(run) ? Models.NEITHER : "no such run folder");
    }
    Workspace again = new Workspace(folder, terminal.context());
    Reproduction made = Reproduction.of(run, Models.workspace(run, terminal), again);
    boolean same = made.differences().isEmpty();
    if (same) {
      terminal.line(
          "The same bits: %d files of the model and %d outcomes. The new run is in %s"
              .formatted(made.files(), made.cases(), made.run()));
    } else {
      terminal.line("Not the same:");
      made.differences().forEach(difference -> terminal.line("  " + difference));
      terminal.line("The new run is in " + made.run());
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("same", same);
    json.put("run", made.run().toString());
    json.put("files", made.files());
    json.put("cases", made.cases());
    json.put("differences", made.differences());
    terminal.json(json);
    if (!same) {
      throw new FailedCheckException(run + " is not reproduced to the bit");
    }
  }
}
