package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.report.MadeUpRuns;
import dev.ilora.runs.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportCommandTest extends RunsCommands {
  @TempDir Path folder;

  @Test
  void takesAFolderOfRunsAndPrintsTheirTable() {
    MadeUpRuns.all(folder);
    assertEquals(0, run("report", folder.toString()), err::toString);
    assertTrue(Files.exists(folder.resolve("report.html")));
    assertTrue(out.toString().contains("iLoRA - LLaRA"), out::toString);
    assertTrue(out.toString().contains("\nHistory length  cases  users"), out::toString);
    assertTrue(out.toString().contains("\nCost of a run  trained parameters"), out::toString);
    assertTrue(out.toString().endsWith("Report: " + folder.resolve("report.html") + "\n"));
  }

  @Test
  void thePapersRowsFollowWithoutGroups() {
    MadeUpRuns.onBothKindsOfCases(folder, Method.LLARA, 1);
    MadeUpRuns.onBothKindsOfCases(folder, Method.ILORA, 1);
    assertEquals(0, run("report", folder.toString()), err::toString);
    String text = out.toString();
    int paper = text.indexOf("demo world, the paper's rows");
    assertTrue(paper > text.indexOf("\nCost of a run"), text);
    assertEquals(-1, text.indexOf("History length", paper), text);
    assertEquals(-1, text.indexOf("Cost of a run", paper), text);
  }

  @Test
  void aPageReplacesAPageButNoOtherFile() throws Exception {
    MadeUpRuns.write(folder, Method.SASREC, 1);
    Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
    assertEquals(
        "ilora: " + other + ": exists already and is no report; choose another file",
        error(3, "report", folder.toString(), "--out", other.toString()));
    assertEquals(
        "ilora: " + other + ": exists already and does not begin with '## '; choose another file",
        error(3, "report", folder.toString(), "--markdown", other.toString()));
    assertEquals("mine", Files.readString(other));
    assertEquals(
        "ilora: " + folder + ": is a folder; expected a file to write to",
        error(3, "report", folder.toString(), "--out", folder.toString()));
    assertEquals(0, run("report", folder.toString()), err::toString);
    assertEquals(0, run("report", folder.toString()), err::toString);
  }

  @Test
  void anEmptyPathIsWrongUsage() {
    assertEquals(
        "ilora: invalid value for option '--out': expected a path, found nothing (see ilora report"
            + " --help)",
        error(2, "report", folder.toString(), "--out", ""));
  }

  @Test
  void theBestMethodIsTheNextCommandInWordsOfAShell() {
    Path own = folder.resolve("my shop");
    MadeUpRuns.all(own);
    assertEquals(0, run("report", own.toString()), err::toString);
    assertTrue(
        out.toString().contains("  ./ilora recommend '" + own) && out.toString().contains("seed"),
        out::toString);
  }

  @Test
  void printsJsonAlone() {
    MadeUpRuns.write(folder, Method.SASREC, 1);
    Path page = folder.resolve("page.html");
    assertEquals(0, run("report", folder.toString(), "--out", page.toString(), "--json"));
    var json = JsonMapper.builder().build().readTree(out.toString());
    assertEquals(page.toString(), json.get("report").stringValue());
    assertEquals("SASRec", json.at("/tables/0/methods/0/method").stringValue());
    assertEquals(3, json.at("/explanations/0/gains").size());
    assertEquals(189_000, json.at("/explanations/0/costs/0/trainedParameters").intValue());
  }

  @Test
  void writesTheTablesAsMarkdown() throws Exception {
    MadeUpRuns.all(folder);
    Path file = folder.resolve("table.md");
    assertEquals(0, run("report", folder.toString(), "--markdown", file.toString()), err::toString);
    String text = Files.readString(file);
    assertTrue(text.startsWith("## demo world\n\n| Method | HR@1 [95 % interval] | HR@3 |"), text);
    assertTrue(text.contains("| iLoRA over LLaRA | HR@1 | "), text);
    assertTrue(text.contains("\n\n| History length | cases | users | Popularity |"), text);
    assertTrue(text.contains("\n\n| Cost of a run | trained parameters |"), text);
  }

  /**
   * Studies of different test rows share the papers' rows: these would stand in one table twice.
   */
  @Test
  void runsWithThePapersRowsInCommonAreNamed() throws Exception {
    Path one = MadeUpRuns.onBothKindsOfCases(folder, Method.ILORA, 1).path();
    Path other = MadeUpRuns.onBothKindsOfCases(folder.resolve("other"), Method.ILORA, 1).path();
    for (String file : List.of("run.json", "outcomes.jsonl", "cases.jsonl")) {
      Path path = other.resolve(file);
      Files.writeString(path, Files.readString(path).replace("sha256:c5", "sha256:c7"));
      Files.deleteIfExists(other.resolve("." + file + ".sha256"));
    }
    assertFails(
        2,
        one
            + " and "
            + other
            + " are both iLoRA with seed 1 on the same candidates: give one of them",
        one.toString(),
        other.toString());
  }

  @Test
  void aRunWithoutItsRecordIsNamed() throws Exception {
    MadeUpRuns.write(folder, Method.ILORA, 1);
    Path run = MadeUpRuns.write(folder, Method.SASREC, 1).path();
    String message =
        run
            + ": holds files of a run, but no run.json, which says what they are: put it back, or"
            + " move the folder away";
    Files.delete(run.resolve("run.json"));
    assertFails(3, message, folder.toString());
    Files.deleteIfExists(run.resolve("recipe.yaml"));
    assertFails(3, message, folder.toString());
    Files.delete(run.resolve("outcomes.jsonl"));
    assertEquals(0, run("report", folder.toString()), err::toString);
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    Path ilora = MadeUpRuns.write(folder, Method.ILORA, 1).path();
    Path again = MadeUpRuns.write(folder.resolve("again"), Method.ILORA, 1).path();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path absent = folder.resolve("absent");
    assertFails(3, absent + ": no such run folder", absent.toString());
    assertFails(
        3,
        empty + ": not a run folder: no run.json in it, nor in a folder of it",
        empty.toString());
    assertFails(
        2,
        ilora
            + " and "
            + again
            + " are both iLoRA with seed 1 on the same candidates: give one of them",
        ilora.toString(),
        again.toString());
    assertFails(
        2,
        "--reference LLaRA: no run of it, there are iLoRA",
        ilora.toString(),
        "--reference",
        "LLaRA");
    assertFails(
        2,
        "--baseline LLaRA: no run of it, there are iLoRA",
        ilora.toString(),
        "--baseline",
        "LLaRA");
  }

  private void assertFails(int exitCode, String message, String... arguments) {
    err.getBuffer().setLength(0);
    String[] line = new String[arguments.length + 1];
    line[0] = "report";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    assertEquals(exitCode, run(line), err::toString);
    assertEquals("ilora: " + message, err.toString().lines().findFirst().orElse(""));
  }
}
