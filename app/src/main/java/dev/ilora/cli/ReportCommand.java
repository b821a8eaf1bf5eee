package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ResultTable;
import dev.ilora.config.ConfigException;
import dev.ilora.files.WholeFile;
import dev.ilora.report.Report;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs to one HTML page, and their tables to the terminal. */
@CommandLine.Command(
    name = "report",
    header = "Compare runs on one self-contained HTML page.",
    footer = {
      "",
      "Example:",
      "  ilora report runs/llara runs/ilora --out report.html",
      "",
      "Runs evaluated on the same candidates share a table; their methods are tested in pairs",
      "against the reference."
    })
final class ReportCommand implements Command {
  private static final String DEFAULT_REFERENCE = Method.ILORA.label();
  private static final String PAGE = "report.html";

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "Run folders, or folders that hold run folders.")
  private List<Path> folders;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The page to write; default: report.html in the folder given, or here if several.")
  private Path out;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "A file to write the tables to as Markdown, for a document.")
  private Path markdown;

  @Option(
      names = "--reference",
      paramLabel = "METHOD",
      description = "Method tested against each other one; default: iLoRA if there is a run of it.")
  private String reference;

  @Option(
      names = "--baseline",
      paramLabel = "METHOD",
      description = {
        "Method over which the reference's gain is shown by groups of rows; default: LLaRA if",
        "there is a run of it."
      })
  private String baseline;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<RunFolder> runs = runs();
    requireDistinct(runs);
    String compared = named("--reference", reference, runs).orElse(DEFAULT_REFERENCE);
    String over = named("--baseline", baseline, runs).orElse(Explanation.USUAL);
    Report report = Report.of(runs, compared, over, Clock.systemUTC().instant());
    Path page = page();
    report.write(page);
    for (int i = 0; i < report.tables().size(); i++) {
      terminal.line(report.tables().get(i).text());
      if (i < report.explanations().size()) {
        terminal.line(report.explanations().get(i).text());
      }
    }
    String average = average(report.tables());
    if (!average.isEmpty()) {
      terminal.line(average);
    }
    if (markdown != null) {
      WholeFile.write(markdown, document(report, average));
    }
    terminal.line("Report: " + page);
    terminal.json(result(report, page));
  }

  private static String document(Report report, String average) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < report.tables().size(); i++) {
      ResultTable table = report.tables().get(i);
      parts.add("## " + table.dataset() + table.rowSet().caption() + "\n\n" + table.markdown());
      if (i < report.explanations().size()) {
        parts.add(report.explanations().get(i).markdown());
      }
    }
    if (!average.isEmpty()) {
      parts.add(average + "\n");
    }
    return String.join("\n", parts);
  }

  /** The paper's claim over data sets, where there are several; of each the usual rows count. */
  private static OptionalDouble gain(List<ResultTable> tables) {
    List<ResultTable> usual = tables.stream().filter(t -> t.rowSet() == CaseSet.TEST).toList();
    return usual.size() < 2 ? OptionalDouble.empty() : ResultTable.averageGain(usual);
  }

  private static String average(List<ResultTable> tables) {
    OptionalDouble gain = gain(tables);
    return gain.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "On the average of the data sets %s gains %+.1f %% over %s in HR@1; the paper: %+.1f"
                + " %%.",
            Method.ILORA.label(),
            100 * gain.getAsDouble(),
            Method.LLARA.label(),
            100 * ResultTable.PAPER_GAIN);
  }

  private List<RunFolder> runs() throws IOException {
    List<RunFolder> runs = new ArrayList<>();
    for (Path folder : folders) {
      RunFolder run = new RunFolder(folder);
      if (Files.isDirectory(folder) && !Files.exists(run.manifestFile())) {
        runs.addAll(runsIn(folder));
      } else {
        runs.add(RunFolder.open(folder));
      }
    }
    return runs;
  }

  private static List<RunFolder> runsIn(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      List<RunFolder> runs =
          inside.sorted().map(RunFolder::new).filter(r -> Files.exists(r.manifestFile())).toList();
      if (runs.isEmpty()) {
        throw new BadInputException(
            folder, "not a run folder: no manifest.json in it, nor in a folder of it");
      }
      return runs;
    }
  }

  /** Two runs of a method with one seed on the same candidates cannot stand in one table. */
  private static void requireDistinct(List<RunFolder> runs) {
    for (CaseSet set : CaseSet.values()) {
      Map<String, RunFolder> seen = new HashMap<>();
      for (RunFolder run : runs) {
        if (run.hasPredictions(set)) {
          requireNew(run, run.predictions(set), seen);
        }
      }
    }
  }

  private static void requireNew(RunFolder run, Outcomes p, Map<String, RunFolder> seen) {
    String key = p.candidatesHash() + "\n" + p.method() + "\n" + p.seed();
    RunFolder former = seen.putIfAbsent(key, run);
    if (former != null) {
      throw new ConfigException(
          "%s and %s are both %s with seed %d on the same candidates: give one of them"
              .formatted(former.path(), run.path(), p.method(), p.seed()));
    }
  }

  /** The method an option names, which must have a run; empty where the option is absent. */
  private static Optional<String> named(String option, String method, List<RunFolder> runs) {
    List<String> methods = runs.stream().map(run -> run.manifest().method()).distinct().toList();
    if (method != null && !methods.contains(method)) {
      throw new ConfigException(
          option + " " + method + ": no run of it, there are " + String.join(", ", methods));
    }
    return Optional.ofNullable(method);
  }

  private Path page() {
    if (out != null) {
      return out;
    }
    return folders.size() == 1 ? folders.getFirst().resolve(PAGE) : Path.of(PAGE);
  }

  private static Map<String, Object> result(Report report, Path page) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("report", page.toString());
    gain(report.tables()).ifPresent(gain -> result.put("average_gain_of_ilora_over_llara", gain));
    result.put("tables", report.tables().stream().map(ResultTable::json).toList());
    result.put("explanations", report.explanations().stream().map(Explanation::json).toList());
    return result;
  }
}
