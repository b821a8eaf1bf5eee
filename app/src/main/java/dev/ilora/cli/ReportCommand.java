package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ResultTable;
import dev.ilora.config.ConfigException;
import dev.ilora.files.WholeFile;
import dev.ilora.report.Report;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.runs.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
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
  private static final String PAGE = "report.html";
  private static final String HEADING = "## ";
  private static final String BEGINNING = "<!DOCTYPE html>";

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
        "Method over which the reference's gain is shown by groups of cases; default: LLaRA if",
        "there is a run of it."
      })
  private String baseline;

  @Override
  public void run(Terminal terminal) throws IOException {
    Path page = page();
    requireOwn(page, BEGINNING, "is no report");
    if (markdown != null) {
      requireOwn(markdown, HEADING, "does not begin with '%s'".formatted(HEADING));
    }
    List<Run> runs = RunFolders.read(folders);
    String compared = named("--reference", reference, runs).orElse(Method.ILORA.label());
    String over = named("--baseline", baseline, runs).orElse(Method.LLARA.label());
    Report report = Report.of(runs, compared, over, Clock.systemUTC().instant());
    report = report.withNext(next(report, runs));
    report.write(page);
    for (int i = 0; i < report.tables().size(); i++) {
      terminal.line(report.tables().get(i).text());
      if (i < report.explanations().size()) {
        terminal.line(report.explanations().get(i).text());
      }
    }
    Optional<String> average = average(report.tables());
    average.ifPresent(terminal::line);
    if (markdown != null) {
      WholeFile.write(markdown, document(report, average));
    }
    FirstReport.printNext(report, terminal);
    terminal.line("Report: " + page);
    terminal.json(result(report, page));
  }

  /** What the best method's run is good for, and what tells how far to trust its figures. */
  private static List<String> next(Report report, List<Run> runs) {
    Optional<Run> best =
        report.verdicts().stream()
            .findFirst()
            .flatMap(
                verdict ->
                    runs.stream().filter(run -> run.method().equals(verdict.best())).findFirst());
    return best.map(
            run ->
                List.of(
                    "See what the data mean for these figures (ties, cold items, baselines):",
                    "  ./ilora data describe " + dataOf(run),
                    "Recommend with %s, for items by their keys:".formatted(run.method()),
                    "  ./ilora recommend %s --history ITEM_KEY"
                        .formatted(ShellWord.of(run.folder().path()))))
        .orElse(List.of());
  }

  /** The folder of a run's data, as its recipe names it; a placeholder in runs that kept none. */
  private static String dataOf(Run run) {
    Pattern data = Pattern.compile("^data: \"?(.*?)\"?$", Pattern.MULTILINE);
    return Files.exists(run.folder().recipeFile())
        ? data.matcher(run.folder().recipe())
            .results()
            .map(found -> ShellWord.of(found.group(1)))
            .findFirst()
            .orElse("DATA_FOLDER")
        : "DATA_FOLDER";
  }

  private static String document(Report report, Optional<String> average) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < report.tables().size(); i++) {
      ResultTable table = report.tables().get(i);
      parts.add(
          HEADING + table.data().name() + table.caseSet().caption() + "\n\n" + table.markdown());
      if (i < report.explanations().size()) {
        parts.add(report.explanations().get(i).markdown());
      }
    }
    average.ifPresent(line -> parts.add(line + "\n"));
    return String.join("\n", parts);
  }

  /** The average over data sets, where there are several; of each the usual cases count. */
  private static OptionalDouble gain(List<ResultTable> tables) {
    List<ResultTable> usual = tables.stream().filter(t -> t.caseSet() == CaseSet.TEST).toList();
    return usual.size() < 2 ? OptionalDouble.empty() : ResultTable.averageGain(usual);
  }

  private static Optional<String> average(List<ResultTable> tables) {
    OptionalDouble gain = gain(tables);
    return gain.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "On the average of the data sets %s gains %+.1f %% over %s in HR@1.",
                Method.ILORA.label(),
                100 * gain.getAsDouble(),
                Method.LLARA.label()));
  }

  /** The method an option names, which must have a run; empty where the option is absent. */
  private static Optional<String> named(String option, String method, List<Run> runs) {
    List<String> methods = runs.stream().map(Run::method).distinct().toList();
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

  /** Pages and documents are written anew each time; what did not come from here stays. */
  private static void requireOwn(Path file, String beginning, String what) throws IOException {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file, "is a folder; expected a file to write to");
    }
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(beginning.length()), StandardCharsets.UTF_8);
      if (!start.isEmpty() && !start.equalsIgnoreCase(beginning)) {
        throw new BadInputException(
            file, "exists already and %s; choose another file".formatted(what));
      }
    }
  }

  private static Map<String, Object> result(Report report, Path page) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("report", page.toString());
    gain(report.tables()).ifPresent(gain -> result.put("averageGainOfIloraOverLlara", gain));
    result.put("tables", report.tables().stream().map(ResultTable::json).toList());
    result.put("explanations", report.explanations().stream().map(Explanation::json).toList());
    return result;
  }
}
