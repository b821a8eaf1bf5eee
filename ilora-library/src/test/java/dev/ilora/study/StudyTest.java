package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.MiniWorld;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.RunFolder;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies begun, repeated and interrupted. */
@OneThread
class StudyTest {
  @TempDir static Path folder;
  private static MiniWorld world;

  @BeforeAll
  static void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  @Test
  void aSecondTimeNothingIsTrainedAndTheTableIsTheSame() throws IOException {
    List<Recipe> recipes =
        List.of(
            world.recipe("popularity"),
            world.recipe("sasrec"),
            world.recipe("tallrec"),
            world.ilora());
    var first = new Study(world.workspace("again"), recipes, 1).run(1);
    Map<String, byte[]> before = MiniWorld.contents(folder.resolve("again"));
    TreeSet<String> work = new TreeSet<>();
    Progress recorder = (what, _, _, _) -> work.add(what);
    Workspace recorded = world.workspace("again", recorder, Interruption.never());
    var second = new Study(recorded, recipes, 1).run(1);
    assertEquals(first, second);
    Map<String, byte[]> after = MiniWorld.contents(folder.resolve("again"));
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    work.remove("again");
    assertTrue(work.isEmpty(), work.toString());
  }

  @Test
  void noRecommenderIsTrainedForTheSakeOfClusters() throws IOException {
    Workspace alone = world.workspace("popularity-alone");
    Path root = alone.root();
    new Study(alone, List.of(world.recipe("popularity")), 1).run(1);
    CaseFacts facts = RunFolder.open(root.resolve("popularity-seed1")).caseFacts().orElseThrow();
    assertEquals(Optional.empty(), facts.about().clustersBy());
    try (var made = Files.list(root)) {
      assertTrue(made.noneMatch(f -> f.getFileName().toString().startsWith("recommender-")));
    }
  }

  /** No queued run begins once the user asked to stop. */
  @Test
  void anInterruptedStudyLeavesWaitingRunsAlone() {
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (_, _, _, detail) -> {
          if (detail.contains("training TALLRec")) {
            interruption.request();
          }
        };
    Workspace stopped = world.workspace("stopped", interrupt, interruption);
    Study study = new Study(stopped, List.of(world.recipe("tallrec"), world.llara()), 2);
    assertThrows(InterruptedRunException.class, () -> study.run(2));
    for (String waiting : List.of("llara-seed1", "llara-seed2")) {
      assertFalse(Files.exists(stopped.root().resolve(waiting).resolve("curve.jsonl")), waiting);
    }
  }

  /** A study of more seeds later uses the runs of one of fewer. */
  @Test
  void theNumberOfSeedsIsNoPartOfARun() {
    Workspace workspace = world.workspace("seeds");
    Recipe two = world.recipe("sasrec", "recommender.epochs=1", "seeds=2");
    Recipe three = world.recipe("sasrec", "recommender.epochs=1", "seeds=3");
    Study first = new Study(workspace, List.of(two), 1);
    assertEquals(2, first.run(1).getFirst().methods().getFirst().seeds());
    assertEquals(
        3, new Study(workspace, List.of(three), 1).run(1).getFirst().methods().getFirst().seeds());
    assertEquals(
        workspace.root().resolve("sasrec-seed1"),
        Experiment.begin(three, workspace).folder().path());
  }
}
