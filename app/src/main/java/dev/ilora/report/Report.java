package dev.ilora.report;

import dev.ilora.compare.Explanation;
import dev.ilora.compare.ResultTable;
import dev.ilora.files.WholeFile;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunResult;
import dev.ilora.statistics.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs compared and explained on one page. */
public final class Report {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final List<ReportRun> runs;
  private final List<ResultTable> tables;
  private final List<Explanation> explanations;
  private final Instant written;

  private Report(
      List<ReportRun> runs,
      List<ResultTable> tables,
      List<Explanation> explanations,
      Instant written) {
    this.runs = runs;
    this.tables = tables;
    this.explanations = explanations;
    this.written = written;
  }

  /** As {@link #of(List, String, String, Instant)} with the gain over {@link Explanation#USUAL}. */
  public static Report of(List<RunFolder> folders, String reference, Instant now) {
    return of(folders, reference, Explanation.USUAL, now);
  }

  /**
   * Reads the runs and compares those that were evaluated on the same candidates.
   *
   * @param folders run folders
   * @param reference method tested against each other one, or null
   * @param baseline method over which the reference's gain is shown by groups of rows, or null
   * @param now the time shown
   * @throws dev.ilora.BadInputException if a file of a run cannot be read
   * @throws IllegalArgumentException if there are no runs, or two of a method with one seed on the
   *     same candidates
   */
  public static Report of(List<RunFolder> folders, String reference, String baseline, Instant now) {
    if (folders.isEmpty()) {
      throw new IllegalArgumentException("no runs to report on");
    }
    List<ReportRun> runs = folders.stream().map(ReportRun::read).toList();
    List<ResultTable> tables = new ArrayList<>();
    for (CaseSet set : CaseSet.values()) {
      byCandidates(runs, set).values().forEach(same -> tables.add(table(set, same, reference)));
    }
    List<Explanation> explanations =
        byCandidates(runs, CaseSet.TEST).entrySet().stream()
            .map(same -> explanation(same.getKey(), same.getValue(), reference, baseline))
            .toList();
    return new Report(runs, tables, explanations, now);
  }

  /** Content hash of the candidates of these rows to the runs evaluated on them. */
  private static Map<String, List<ReportRun>> byCandidates(List<ReportRun> runs, CaseSet set) {
    Map<String, List<ReportRun>> byCandidates = new LinkedHashMap<>();
    for (ReportRun run : runs) {
      RunResult result = run.results().get(set);
      if (result != null) {
        byCandidates
            .computeIfAbsent(result.predictions().candidatesHash(), _ -> new ArrayList<>())
            .add(run);
      }
    }
    return byCandidates;
  }

  private static ResultTable table(CaseSet set, List<ReportRun> runs, String reference) {
    List<RunResult> results = runs.stream().map(run -> run.results().get(set)).toList();
    return ResultTable.of(set, results, reference, Bootstrap.DEFAULT);
  }

  private static Explanation explanation(
      String candidatesHash, List<ReportRun> runs, String reference, String baseline) {
    Optional<CaseFacts> facts =
        runs.stream()
            .flatMap(run -> run.facts().stream())
            .filter(f -> f.candidatesHash().equals(candidatesHash))
            .findFirst();
    return Explanation.of(
        runs.stream().map(ReportRun::evaluated).toList(),
        facts,
        reference,
        baseline,
        Bootstrap.DEFAULT);
  }

  /**
   * A table for each set of candidates, in the order the runs were given; those of the papers' rows
   * last.
   */
  public List<ResultTable> tables() {
    return tables;
  }

  /**
   * Where gains come from and what methods cost, one for each of {@link #tables} but those of the
   * papers' rows, in the same order.
   */
  public List<Explanation> explanations() {
    return explanations;
  }

  /**
   * Writes the page whole or not at all.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    WholeFile.write(file, html());
  }

  /** The page. */
  public String html() {
    Html page = new Html();
    Palette palette = new Palette(runs.stream().map(ReportRun::method).toList());
    page.open("html", "lang", "en");
    head(page);
    page.open("body").open("main");
    title(page);
    ResultSection.write(page, tables, runs, palette);
    GainSection.write(page, explanations, palette);
    ExpertSection.write(page, explanations);
    CostSection.write(page, explanations, palette);
    CurveSection.write(page, runs, palette);
    SampleSection.write(page, runs);
    ProvenanceSection.write(page, runs);
    page.close().close().close();
    return page.document();
  }

  /** What tells the headings of one data set from those of others; nothing where it is alone. */
  static String prefix(Explanation explanation, List<Explanation> all) {
    return all.size() == 1 ? "" : explanation.dataset() + ": ";
  }

  private void head(Html page) {
    page.open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    page.element("title", "ilora report: " + datasets());
    page.style(stylesheet());
    page.close();
  }

  private void title(Html page) {
    page.open("header");
    page.element("h1", datasets());
    page.element(
        "p",
        (runs.size() == 1 ? "One run" : runs.size() + " runs")
            + " of ilora, reported on "
            + TIME.format(written)
            + ".",
        "class",
        "lead");
    List<String> notes =
        runs.stream().flatMap(run -> run.manifest().notes().stream()).distinct().toList();
    notes.forEach(note -> page.element("p", note, "class", "note"));
    page.close();
  }

  private String datasets() {
    return runs.stream()
        .map(run -> run.manifest().dataset())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String stylesheet() {
    try (InputStream css = Report.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
