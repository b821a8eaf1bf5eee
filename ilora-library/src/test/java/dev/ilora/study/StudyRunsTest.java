package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.config.Config;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Split;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.MiniWorld;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import dev.ilora.runs.Sample;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the runs of a study of four methods hold. */
@OneThread
class StudyRunsTest {
  @TempDir static Path folder;
  private static MiniWorld world;
  private static Path runs;

  @BeforeAll
  static void runAStudy() throws IOException {
    world = MiniWorld.in(folder);
    runs = world.workspace("runs").root();
    new Study(
            world.workspace("runs"),
            List.of(
                world.recipe("popularity"),
                world.recipe("sasrec"),
                world.recipe("tallrec"),
                world.ilora()),
            1)
        .run(1);
  }

  @Test
  void runsSayWhatTheyWereMadeFrom() throws IOException {
    RunFolder popularity = RunFolder.open(runs.resolve("popularity-seed1"));
    RunFolder run = RunFolder.open(runs.resolve("ilora-seed1"));
    // What a recipe leaves open is kept as it was decided.
    String decided = "training.checkpointActivations=false";
    assertEquals(Config.yaml(world.ilora(decided)), run.recipe());
    assertEquals(10, run.outcomes(CaseSet.TEST).rows().size());
    assertEquals(run.record().inputs().data(), popularity.record().inputs().data());
    String candidates = run.record().inputs().candidatesHash().orElseThrow();
    assertEquals(candidates, popularity.record().inputs().candidatesHash().orElseThrow());
    assertEquals(candidates, run.outcomes(CaseSet.TEST).candidatesHash());
    assertEquals(Set.of(Phase.EVALUATE, Phase.SHARED, Phase.TRAIN), run.record().costs().keySet());
    assertEquals(candidates, CandidateFile.read(run.candidatesFile(CaseSet.TEST)).hash());
    assertEquals(2, run.samples().size());
    assertEquals(
        run.samples().stream().map(Sample::history).toList(),
        popularity.samples().stream().map(Sample::history).toList(),
        "all methods show the same cases");
    assertEquals(Optional.empty(), popularity.samples().getFirst().prompt());
    assertTrue(popularity.samples().getFirst().choice().isPresent());
    assertEquals(10, run.expertWeights().size());
    assertEquals(
        run.outcomes(CaseSet.TEST).metrics(),
        Experiment.open(runs.resolve("ilora-seed1"), world.workspace("runs")).evaluate());
  }

  @Test
  void runsSayWhatTheyTook() {
    RunRecord popularity = RunFolder.open(runs.resolve("popularity-seed1")).record();
    assertEquals(OptionalLong.of(0), popularity.result().trainedParameters());
    assertFalse(popularity.costs().containsKey(Phase.TRAIN));
    for (String name : List.of("sasrec-seed1", "tallrec-seed1", "ilora-seed1")) {
      Cost train = RunFolder.open(runs.resolve(name)).record().costs().get(Phase.TRAIN);
      assertEquals(OptionalInt.of(1), train.threads(), name);
      assertEquals(PeakMemory.begin().isPresent(), train.peakBytes().isPresent(), name);
    }
    Path weights = runs.resolve("tallrec-seed1/model/adapter_model.safetensors");
    long tallrec =
        RunFolder.open(runs.resolve("tallrec-seed1"))
            .record()
            .result()
            .trainedParameters()
            .orElseThrow();
    assertEquals(elements(weights), tallrec);
  }

  private static long elements(Path safetensors) {
    try (SafeTensors file = SafeTensors.open(safetensors)) {
      return file.names().stream()
          .mapToLong(name -> Arrays.stream(file.shape(name)).reduce(1, (a, b) -> a * b))
          .sum();
    }
  }

  @Test
  void everyRunOfAStudyHoldsTheSameFactsOfItsCases() {
    CaseFacts facts = RunFolder.open(runs.resolve("ilora-seed1")).caseFacts().orElseThrow();
    for (String other : List.of("popularity-seed1", "sasrec-seed1", "tallrec-seed1")) {
      assertEquals(facts, RunFolder.open(runs.resolve(other)).caseFacts().orElseThrow());
    }
    Split split = world.workspace("runs").data(world.ilora()).split();
    List<Case> rows = world.workspace("runs").data(world.ilora()).cases(Part.TEST);
    assertEquals(rows.size(), facts.cases().size());
    assertEquals(Optional.of("SASRec"), facts.about().clustersBy());
    for (int i = 0; i < rows.size(); i++) {
      CaseFacts.CaseFact fact = facts.cases().get(i);
      assertEquals(rows.get(i).index(), fact.index());
      assertEquals(rows.get(i).history().length, fact.history());
      assertEquals(split.trainCounts()[rows.get(i).target()], fact.targetCount());
      assertTrue(fact.cluster() >= 1 && fact.cluster() <= 8, fact.toString());
    }
  }
}
