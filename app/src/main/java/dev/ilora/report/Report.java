package dev.ilora.report;

import dev.ilora.ResourceText;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.ResultTable;
import dev.ilora.compare.Verdict;
import dev.ilora.files.WholeFile;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Run;
import dev.ilora.statistics.Bootstrap;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs compared and explained on one page. */
public final class Report {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final List<Run> runs;
  private final List<ResultTable> tables;
  private final List<Verdict> verdicts;
  private final List<Explanation> explanations;
  private final Instant written;
  private final List<String> dataNotes;
  private final List<String> next;

  private Report(
      List<Run> runs,
      List<ResultTable> tables,
      List<Verdict> verdicts,
      List<Explanation> explanations,
      Instant written,
      List<String> dataNotes,
      List<String> next) {
    this.runs = runs;
    this.tables = tables;
    this.verdicts = verdicts;
    this.explanations = explanations;
    this.written = written;
    this.dataNotes = List.copyOf(dataNotes);
    this.next = List.copyOf(next);
  }

  /**
   * Compares runs that were evaluated on the same candidates.
   *
   * @param runs at least one
   * @param reference name of the method tested against each other one; there may be no run of it
   * @param baseline name of the method over which the reference's gain is shown by groups of cases;
   *     there may be no run of it
   * @param now the time shown
   * @throws IllegalArgumentException if there are no runs, or two of a method with one seed on the
   *     same candidates
   */
  public static Report of(List<Run> runs, String reference, String baseline, Instant now) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no runs to report on");
    }
    List<ResultTable> tables = new ArrayList<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (CaseSet set : CaseSet.values()) {
      for (List<Run> same : byCandidates(runs, set)) {
        ResultTable table = ResultTable.of(set, same, reference, Bootstrap.DEFAULT);
        tables.add(table);
        if (set == CaseSet.TEST && table.methods().size() > 1) {
          verdicts.add(Verdict.of(table, same, Bootstrap.DEFAULT));
        }
      }
    }
    List<Explanation> explanations =
        byCandidates(runs, CaseSet.TEST).stream()
            .map(same -> Explanation.of(same, reference, baseline, Bootstrap.DEFAULT))
            .toList();
    return new Report(List.copyOf(runs), tables, verdicts, explanations, now, List.of(), List.of());
  }

  /** The same with notes on the data, which stand on the page before those of the runs. */
  public Report withDataNotes(List<String> notes) {
    return new Report(runs, tables, verdicts, explanations, written, notes, next);
  }

  /** The same with what to do next, lines that end the verdict. */
  public Report withNext(List<String> lines) {
    return new Report(runs, tables, verdicts, explanations, written, dataNotes, lines);
  }

  /**
   * Which method to use, and how sure that is: one for each table of test cases of several methods.
   */
  public List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }

  /** What to do next, line by line; empty where nobody said. */
  public List<String> next() {
    return next;
  }

  /** The runs evaluated on these cases, those on the same candidates together. */
  private static List<List<Run>> byCandidates(List<Run> runs, CaseSet set) {
    Map<String, List<Run>> byCandidates = new LinkedHashMap<>();
    runs.stream()
        .filter(run -> run.evaluatedOn(set))
        .forEach(
            run ->
                byCandidates
                    .computeIfAbsent(run.on(set).candidatesHash(), _ -> new ArrayList<>())
                    .add(run));
    return List.copyOf(byCandidates.values());
  }

  /**
   * A table for each set of candidates, in the order the runs were given; those of the papers'
   * cases last.
   */
  public List<ResultTable> tables() {
    return tables;
  }

  /**
   * Where gains come from and what methods cost, one for each of {@link #tables} but those of the
   * papers' cases, in the same order.
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
    Palette palette = new Palette(runs.stream().map(Run::method).toList());
    page.open("html", "lang", "en");
    head(page);
    page.open("body").open("main");
    title(page);
    verdicts(page);
    NoteSection.write(page, dataNotes, runs);
    ResultSection.write(page, tables, runs, palette);
    GateSection.write(page, explanations, palette);
    GainSection.write(page, explanations, palette);
    CurveSection.write(page, runs, palette);
    CostSection.write(page, explanations, palette);
    ExampleSection.write(page, explanations, palette);
    TestSection.write(page, tables, palette);
    Glossary.write(
        page,
        runs.stream().anyMatch(run -> run.record().identity().method().asksLanguageModel()),
        runs.stream().anyMatch(run -> !run.experts().isEmpty()));
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
    page.close();
  }

  /** Which method to use, for each set of candidates on which several were compared. */
  private void verdicts(Html page) {
    for (Verdict verdict : verdicts) {
      page.open("section", "class", "verdict");
      page.element("h2", "Verdict");
      verdict.sentences().forEach(sentence -> page.element("p", sentence));
      if (!next.isEmpty()) {
        page.element("h3", "What next");
        page.element("pre", String.join("\n", next));
      }
      page.close();
    }
  }

  private String datasets() {
    return runs.stream()
        .map(run -> run.record().inputs().data().name())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String stylesheet() {
    String name = "report.css";
    return ResourceText.of(Report.class.getResourceAsStream(name), name);
  }
}
