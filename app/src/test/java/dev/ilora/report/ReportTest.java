package dev.ilora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.compare.GainTable;
import dev.ilora.compare.ResultTable;
import dev.ilora.files.SealedFile;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunFolder;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Instant NOW = Instant.parse("2026-02-01T08:30:00Z");

  @TempDir Path folder;

  private static Report report(List<RunFolder> runs) {
    return Report.of(MadeUpRuns.read(runs), "iLoRA", "LLaRA", NOW);
  }

  @Test
  void showsEveryPartOfTheRuns() throws Exception {
    Report report = report(MadeUpRuns.all(folder));
    Document page = parsed(report.html());
    String text = page.getDocumentElement().getTextContent();
    for (String expected :
        List.of(
            "8 runs of ilora, reported on 1 February 2026, 08:30 UTC.",
            "demo world: 400 cases of 100 users on frozen candidates sha256:c5.",
            "iLoRA − LLaRA",
            "iLoRA over LLaRA",
            "Training loss of recommenders",
            "Training loss of language models",
            "The dashed line is chance, 0.050.",
            "follows directors",
            "expert 4",
            "Where the gain comes from",
            "cold (0)",
            "10 or more",
            "iLoRA, seed 1, by user cluster",
            "100.0 % of the weights' variance lies between these groups",
            "What it costs",
            "189,000",
            "1,024",
            "sha256:d4",
            "Items in the order of their dates; <i>not</i> the paper's order.")) {
      assertTrue(text.contains(expected), expected);
    }
    assertFalse(text.contains("What others published"), "of a made-up world nothing is published");
    assertEquals(1, report.tables().size());
    assertEquals(35, report.tables().getFirst().tests().size());
    assertEquals(4, report.explanations().getFirst().gains().size());
  }

  @Test
  void everyFormOfAMethodHasAColourOfItsOwn() {
    List<String> forms = List.of("LLaRA + user slot", "iLoRA random gate", "iLoRA, paper's form");
    List<String> all = new ArrayList<>(Arrays.stream(Method.values()).map(Method::label).toList());
    all.addAll(forms);
    Palette palette = new Palette(all);
    assertEquals(all.size(), all.stream().map(palette::of).distinct().count());
    assertEquals(palette.of("LLaRA"), new Palette(List.of("LLaRA")).of("LLaRA"));
    assertThrows(IllegalArgumentException.class, () -> palette.of("another"));
  }

  @Test
  void runsWithoutFactsAreShownWithoutGroupsOfCases() throws Exception {
    RunFolder run = MadeUpRuns.write(folder, Method.ILORA, 1);
    Files.delete(run.path().resolve("cases.jsonl"));
    Report report = report(List.of(run));
    String text = parsed(report.html()).getDocumentElement().getTextContent();
    assertFalse(text.contains("History length"));
    assertTrue(text.contains("iLoRA, seed 1, by group"));
    assertTrue(text.contains("What it costs"));
  }

  /**
   * The papers' cases have a table; groups, which are of the test cases, and costs are said once.
   */
  @Test
  void thePapersCasesHaveATableAndNoGroups() throws Exception {
    List<RunFolder> runs =
        List.of(
            MadeUpRuns.onBothKindsOfCases(folder, Method.LLARA, 1),
            MadeUpRuns.onBothKindsOfCases(folder, Method.ILORA, 1));
    Report report = report(runs);
    assertEquals(
        List.of(CaseSet.TEST, CaseSet.PAPER),
        report.tables().stream().map(ResultTable::caseSet).toList());
    assertEquals(1, report.explanations().size());
    assertEquals(
        400, report.explanations().getFirst().gains().getFirst().lines().getLast().cases());
    String text = parsed(report.html()).getDocumentElement().getTextContent();
    assertTrue(
        text.contains("demo world, the paper's rows (the last of each test user): 100 cases"));
    assertFalse(text.contains("demo world: History length"));
  }

  @Test
  void headingsNameTheDataSetWhereThereAreSeveral() throws Exception {
    RunFolder one = MadeUpRuns.write(folder.resolve("one"), Method.ILORA, 1);
    RunFolder other = MadeUpRuns.write(folder.resolve("other"), Method.ILORA, 1);
    for (String file : List.of("run.json", "outcomes.jsonl", "cases.jsonl")) {
      Path path = other.path().resolve(file);
      String text = Files.readString(path).replace("demo world", "another world");
      Files.writeString(path, text.replace("sha256:c5", "sha256:c7"));
      SealedFile.seal(path);
    }
    Document page = parsed(report(List.of(one, other)).html());
    String text = page.getDocumentElement().getTextContent();
    for (String world : List.of("demo world", "another world")) {
      assertTrue(text.contains(world + ": History length"), world);
      assertTrue(text.contains(world + ": iLoRA, seed 1, by user cluster"), world);
    }
  }

  @Test
  void theBaselineOfTheGainsCanBeChosen() {
    Report report = Report.of(MadeUpRuns.read(MadeUpRuns.all(folder)), "iLoRA", "SASRec", NOW);
    assertEquals(
        Optional.of(new GainTable.Pair("iLoRA", "SASRec")),
        report.explanations().getFirst().gains().getFirst().compared());
    assertTrue(report.html().contains("iLoRA − SASRec"));
  }

  @Test
  void hostileTitlesStayText() throws Exception {
    String html = report(List.of(MadeUpRuns.write(folder, Method.ILORA, 1))).html();
    Document page = parsed(html);
    assertEquals(0, page.getElementsByTagName("script").getLength());
    assertEquals(0, page.getElementsByTagName("b").getLength());
    assertEquals(0, page.getElementsByTagName("i").getLength());
    assertTrue(page.getDocumentElement().getTextContent().contains(MadeUpRuns.HOSTILE));
  }

  @Test
  void loadsNothingFromElsewhere() {
    String html = report(MadeUpRuns.all(folder)).html().toLowerCase(Locale.ROOT);
    for (String reference :
        List.of("http:", "https:", "src=", "href=", "url(", "@import", "<link")) {
      assertFalse(html.contains(reference), reference);
    }
    assertTrue(html.contains("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"));
  }

  @Test
  void aRunThatHasNotBeenEvaluatedIsSaidToBeSo() throws Exception {
    RunFolder run = RunFolder.create(folder);
    run.write(MadeUpRuns.begun(Method.LLARA, 3));
    Report report = report(List.of(run));
    String text = parsed(report.html()).getDocumentElement().getTextContent();
    assertTrue(text.contains("1 run has not been evaluated."));
    assertFalse(text.contains("Training"));
    assertEquals(List.of(), report.tables());
  }

  @Test
  void seedsOfAMethodShareALine() {
    List<RunFolder> runs = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      runs.add(MadeUpRuns.write(folder, Method.ILORA, seed));
    }
    var methods = report(runs).tables().getFirst().methods();
    assertEquals(1, methods.size());
    assertEquals(3, methods.getFirst().seeds());
  }

  @Test
  void writesThePageWhole() throws Exception {
    Path file = folder.resolve("report.html");
    Report report = report(List.of(MadeUpRuns.write(folder, Method.SASREC, 1)));
    report.write(file);
    assertEquals(report.html(), Files.readString(file));
    assertEquals(
        "no runs to report on",
        assertThrows(IllegalArgumentException.class, () -> report(List.of())).getMessage());
  }

  private static List<Element> elements(Document page, String tag) {
    NodeList all = page.getElementsByTagName(tag);
    return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
  }

  /** The text of an element without the line breaks between its parts, on usual spaces. */
  private static String text(Node element) {
    return element.getTextContent().replace("\n", "").replace("\u00a0", " ");
  }

  /** The elements of a tag whose text holds some words. */
  private static List<Element> holding(Document page, String tag, String words) {
    return elements(page, tag).stream().filter(e -> e.getTextContent().contains(words)).toList();
  }

  @Test
  void theVerdictComesFirstAndProvenanceLast() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    assertEquals(
        List.of(
            "Verdict",
            "Notes",
            "Results",
            "What the gate does",
            "Where the gain comes from",
            "Training",
            "What it costs",
            "Examples",
            "Paired tests",
            "Glossary",
            "Provenance"),
        elements(page, "h2").stream().map(Element::getTextContent).toList());
  }

  @Test
  void theBestOfEachColumnIsMarkedByASignThatIsRead() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    Element methods = holding(page, "table", "Methods on demo world").getFirst();
    NodeList rows = methods.getElementsByTagName("tr");
    Element popularity = (Element) rows.item(1);
    Element ilora = (Element) rows.item(8);
    assertTrue(text(ilora).startsWith("iLoRA★0."), text(ilora));
    assertFalse(text(last(ilora)).startsWith("★"), "it is not the fastest");
    assertTrue(text(last(popularity)).startsWith("★"), text(popularity));
    assertEquals(
        "best of its column", holding(page, "span", "★").getFirst().getAttribute("aria-label"));
  }

  private static Node last(Element row) {
    NodeList cells = row.getElementsByTagName("td");
    return cells.item(cells.getLength() - 1);
  }

  @Test
  void oneMethodAloneIsNotTheBest() {
    String html = report(List.of(MadeUpRuns.write(folder, Method.ILORA, 1))).html();
    assertFalse(html.contains("★"));
  }

  @Test
  void testsAreFoldedAndComplete() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    Element tests = holding(page, "details", "demo world: 35 tests of iLoRA").getFirst();
    assertFalse(tests.hasAttribute("open"));
    Element table = (Element) tests.getElementsByTagName("table").item(0);
    assertEquals(36, table.getElementsByTagName("tr").getLength());
  }

  @Test
  void validationIsDrawnWithARingWhereTheStateWasTaken() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    Element epochs = holding(page, "figure", "Validation HR@1 by epoch").getFirst();
    Element steps = holding(page, "figure", "Validation HR@1 by step").getFirst();
    assertEquals(3, epochs.getElementsByTagName("circle").getLength());
    assertEquals(3, steps.getElementsByTagName("circle").getLength());
    String text = page.getDocumentElement().getTextContent();
    for (String expected :
        List.of(
            "SASRec, seed 1: taken after epoch 2 of 4, HR@1 0.350.",
            "LLaRA, seed 1: The last validation, after step 400, was the best",
            "TALLRec, seed 1: Validation stays near chance: HR@1 is 0.060 at best")) {
      assertTrue(text.contains(expected), expected);
    }
    assertFalse(text.contains("validationHitRate"));
  }

  @Test
  void notesOnTheDataStandOnThePage() throws Exception {
    Report plain = report(MadeUpRuns.all(folder));
    String note = "There are no times.";
    assertFalse(plain.html().contains(note));
    Document page = parsed(plain.withDataNotes(List.of(note)).html());
    assertEquals(1, holding(page, "p", "Data: " + note).size());
  }

  @Test
  void theVerdictEndsWithWhatToDoNext() throws Exception {
    Report report = report(MadeUpRuns.all(folder)).withNext(List.of("Ask:", "  ilora <it>"));
    Element verdict = holding(parsed(report.html()), "section", "Verdict").getFirst();
    assertEquals(
        "Ask:\n  ilora <it>", verdict.getElementsByTagName("pre").item(0).getTextContent());
  }

  @Test
  void oneValidationAloneIsNotCalledAChoice() throws Exception {
    Run one = MadeUpRuns.read(List.of(MadeUpRuns.write(folder, Method.SASREC, 1))).getFirst();
    Run once =
        new Run(
            one.folder(),
            one.record(),
            one.outcomes(),
            one.curve().subList(0, 11),
            one.experts(),
            one.facts(),
            one.samples());
    String html = Report.of(List.of(once), "iLoRA", "LLaRA", NOW).html();
    assertTrue(html.contains("SASRec, seed 1: validated once, after epoch 1 of 1, HR@1 "), html);
    assertFalse(html.contains("taken after"));
  }

  @Test
  void examplesNameUsersItemsAndWhatIsCold() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    Element example = holding(page, "article", "User u1").getFirst();
    String text = text(example);
    for (String expected :
        List.of(
            "of the likes <new> films, case 5",
            "Alien → Heat",
            "Alien 3 (cold)",
            "Popularity✗ Heat",
            "Prompt of iLoRA",
            "It wroteAlien",
            "iLoRA's gatemost weight on experts 2 (0.70), 1 (0.10), 3 (0.10) of 4")) {
      assertTrue(text.contains(expected), expected + " in " + text);
    }
    assertTrue(
        page.getDocumentElement()
            .getTextContent()
            .contains("8 of 400 cases are cold: training never saw their target chosen."));
  }

  @Test
  void everyTableHasACaptionAndEveryHeadingCellAScope() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    for (Element table : elements(page, "table")) {
      assertEquals("caption", table.getFirstChild().getNodeName());
    }
    assertTrue(elements(page, "th").stream().allMatch(cell -> cell.hasAttribute("scope")));
  }

  @Test
  void theGlossaryHoldsTheTermsThatTheReportUses() throws Exception {
    Document page = parsed(report(MadeUpRuns.all(folder)).html());
    String terms = text(holding(page, "details", "What the words mean").getFirst());
    assertTrue(terms.contains("chanceHR@1 of guessing: one over the number of candidates"), terms);
    assertTrue(terms.contains("gateTurns guidance into one weight for each expert. linear is"));
    assertFalse(Glossary.terms(false, false).containsKey("gate"));
    assertFalse(Glossary.terms(true, true).values().stream().anyMatch(text -> text.contains("`")));
  }

  /** The page is XML apart from its first line, so a parser finds whatever escaping missed. */
  private static Document parsed(String html) throws Exception {
    String xml = html.substring(html.indexOf('\n') + 1);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
