package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.experiment.Experiment;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora export}: a run's model as a folder of its own. */
@CommandLine.Command(
    name = "export",
    header = "Write the model of a run as a folder that can be moved and loaded anywhere.",
    description = {
      "The folder holds everything that is needed to recommend, and the metrics of the run's",
      "evaluation. A language model of up to 64 MB is copied into it; larger ones with",
      "--with-base, or else they are found by their content in the model cache."
    },
    footer = {"", "Example:", "  ilora export runs/ml-100k/ilora-seed1 --out films-model"})
final class ExportCommand implements Command {
  @Parameters(paramLabel = "RUN", description = "A run folder of ilora train.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The folder to write.")
  private Path out;

  @Option(
      names = "--with-base",
      description = "Copy the language model into the folder whatever its size.")
  private boolean withBase;

  @Option(names = "--force", description = "Replace a model folder that is there.")
  private boolean force;

  @Override
  public void run(Terminal terminal) throws IOException {
    boolean complete = export();
    terminal.line("Wrote the model of " + run + " to " + out);
    if (!complete) {
      terminal.line(
          "It needs the language model %s beside it: copy that into the model cache, or export with"
                  .formatted(Experiment.loadOptions(run).base().orElseThrow())
              + " --with-base");
    }
    terminal.line("Next: ./ilora recommend " + ShellWord.of(out) + " --history KEYS");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", out.toString());
    result.put("complete", complete);
    result.put("bytes", size(out));
    terminal.json(result);
  }

  private boolean export() {
    if (force && Files.exists(out) && !ModelFolder.isOne(out)) {
      throw new BadInputException(out, "is not a model; --force only replaces models");
    }
    requireOutsideOfRuns();
    return Experiment.export(run, out, withBase, force);
  }

  /** A run knows the hashes of its files: with another model in it, it could not be read again. */
  private void requireOutsideOfRuns() {
    for (Path in = out.toAbsolutePath().normalize(); in != null; in = in.getParent()) {
      if (RunFolder.holdsRun(in)) {
        throw new BadInputException(
            out, "lies in the run %s; choose a folder outside of runs".formatted(in));
      }
    }
  }

  private static long size(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
