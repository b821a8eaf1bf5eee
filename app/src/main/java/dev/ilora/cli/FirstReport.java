package dev.ilora.cli;

import dev.ilora.compare.GateStory;
import dev.ilora.compare.ResultTable;
import dev.ilora.compare.Verdict;
import dev.ilora.report.Report;
import dev.ilora.runs.Run;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.study.Study;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a small study came to: the table, the verdict and what gates do; the page holds more. */
record FirstReport(ResultTable table, Verdict verdict, Report report, Path page) {

  /**
   * What a command knows besides its runs.
   *
   * @param dataNotes what one should know of the data
   * @param next lines of what to do next, by the name of the best method
   */
  record Around(List<String> dataNotes, Function<String, List<String>> next) {}

  /**
   * Runs a study and writes its page.
   *
   * @param reference method that others are tested against; empty for the best one
   * @param baseline method over which gains are shown
   * @param around what the page says besides
   */
  static FirstReport run(
      Study study, Optional<String> reference, String baseline, Path page, Around around) {
    ResultTable table = study.run(1).getFirst();
    List<Run> runs = study.finished();
    Verdict verdict = Verdict.of(table, runs, Bootstrap.DEFAULT);
    Report report =
        Report.of(runs, reference.orElse(verdict.best()), baseline, Instant.now())
            .withDataNotes(around.dataNotes())
            .withNext(around.next().apply(verdict.best()));
    report.write(page);
    // That of the page, so that both test the same method against the others.
    return new FirstReport(report.tables().getFirst(), verdict, report, page);
  }

  void print(Terminal terminal) {
    terminal.line(table.text());
    verdict.sentences().forEach(terminal::line);
    terminal.line("");
    List<GateStory> gates = report.explanations().getFirst().gates();
    gates.forEach(gate -> terminal.line(gate.text()));
  }

  /** Prints what to do next, which stands on the page too. */
  void printNext(Terminal terminal) {
    printNext(report, terminal);
  }

  /** Prints what to do next, if a report says it. */
  static void printNext(Report report, Terminal terminal) {
    if (!report.next().isEmpty()) {
      terminal.line("What next:");
      report.next().forEach(line -> terminal.line("  " + line));
    }
  }

  /** As {@code --json} prints it, to which a command adds what it alone knows. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>(table.json());
    json.put("verdict", verdict);
    json.put("explanation", report.explanations().getFirst().json());
    json.put("report", page.toString());
    return json;
  }
}
