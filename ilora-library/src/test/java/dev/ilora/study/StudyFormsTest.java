package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.GainTable;
import dev.ilora.compare.ResultTable;
import dev.ilora.data.CandidateFile;
import dev.ilora.experiment.MiniWorld;
import dev.ilora.experiment.Workspace;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms of a method, seeds of their own and the papers' rows, without a language model. */
@OneThread
class StudyFormsTest {
  private static final TreeSet<String> WORK = new TreeSet<>();

  @TempDir static Path folder;
  private static Study study;
  private static List<ResultTable> tables;
  private static RunFolder run;

  @BeforeAll
  static void runAStudy() throws IOException {
    MiniWorld world = MiniWorld.in(folder);
    String paper = "rows.paperRows=true";
    Progress recorder = (what, _, _, _) -> WORK.add(what);
    Workspace workspace = world.workspace("forms", recorder, Interruption.never());
    study =
        new Study(
            workspace,
            List.of(
                world.recipe("popularity", paper, "seeds=3"),
                world.recipe("sasrec", paper, "recommender.epochs=1"),
                world.recipe(
                    "sasrec", paper, "recommender.epochs=2", "name=SASRec, 2 epochs", "seeds=3")),
            2);
    tables = study.run(1);
    run = RunFolder.open(workspace.root().resolve("sasrec-2-epochs-seed3"));
  }

  @Test
  void formsOfAMethodStandApartWithTheirOwnSeedsOnBothKindsOfRows() {
    assertEquals(
        List.of(CaseSet.TEST, CaseSet.PAPER), tables.stream().map(ResultTable::caseSet).toList());
    for (ResultTable table : tables) {
      assertEquals(
          List.of("Popularity 1", "SASRec 2", "SASRec, 2 epochs 3"),
          table.methods().stream().map(row -> row.method() + " " + row.seeds()).toList());
      // No recipe is called iLoRA: the last one is compared with the others.
      assertTrue(table.tests().stream().allMatch(t -> t.first().equals("SASRec, 2 epochs")));
    }
    assertEquals(5, tables.getLast().cases());
    assertEquals(5, tables.getLast().users());
  }

  @Test
  void aRunHasTheNameOfItsFormAndTheCandidatesOfItsRows() throws IOException {
    assertEquals("SASRec, 2 epochs", run.record().identity().name());
    assertEquals(Method.SASREC, run.record().identity().method());
    assertEquals(
        run.outcomes(CaseSet.PAPER).candidatesHash(),
        CandidateFile.read(run.candidatesFile(CaseSet.PAPER)).hash());
    assertFalse(Files.exists(run.path().resolveSibling("sasrec-2-epochs-seed4")));
  }

  /** Groups are shown for the test rows; the papers' rows have other candidates. */
  @Test
  void factsAreOfTheTestCases() {
    assertEquals(
        run.outcomes(CaseSet.TEST).candidatesHash(),
        run.caseFacts().orElseThrow().about().candidatesHash());
    Explanation explanation =
        Explanation.of(study.finished(), study.reference(), "SASRec", new Bootstrap(100, 1));
    GainTable table = explanation.gains().getFirst();
    assertEquals(Optional.of(new GainTable.Pair("SASRec, 2 epochs", "SASRec")), table.compared());
    assertEquals(
        List.of("Popularity", "SASRec", "SASRec, 2 epochs"),
        List.copyOf(table.lines().getFirst().hits().keySet()));
  }

  @Test
  void onlyOutcomesThatAreMissingAreMadeAgain() throws IOException {
    WORK.clear();
    Path missing = run.outcomesFile(CaseSet.PAPER);
    byte[] former = Files.readAllBytes(missing);
    var kept = Files.getLastModifiedTime(run.outcomesFile(CaseSet.TEST));
    Files.delete(missing);
    assertEquals(figures(tables), figures(study.run(1)));
    assertArrayEquals(former, Files.readAllBytes(missing));
    assertEquals(kept, Files.getLastModifiedTime(run.outcomesFile(CaseSet.TEST)));
    assertEquals(new TreeSet<>(), WORK);
  }

  /** All of the tables but durations: evaluating again has taken time. */
  private static String figures(List<ResultTable> tables) {
    StringBuilder figures = new StringBuilder();
    for (ResultTable table : tables) {
      table.methods().forEach(row -> figures.append(row.method()).append(row.figures()));
      figures.append(table.tests());
    }
    return figures.toString();
  }
}
