package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.compare.Explanation;
import dev.ilora.compare.GainTable;
import dev.ilora.compare.ResultTable;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Split;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import dev.ilora.statistics.Bootstrap;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Four methods on a small part of the demo world, end to end; later tests use what is there. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StudyTest {
  private static final int USERS = 50;
  private static final String COMMON =
      "rows.testRows=10 rows.validRows=5 rows.candidates=5 training.steps=3 training.batch=4"
          + " training.microBatch=2 evaluation.samples=2";

  @TempDir static Path folder;
  private static Path data;
  private static Path base;
  private static int threads;

  @BeforeAll
  static void writeData() throws IOException {
    threads = Torch.threads();
    Torch.threads(1);
    base = Files.createDirectory(folder.resolve("base"));
    try (var files = Files.list(BaseModels.folder(BaseModels.OURS))) {
      for (Path file : files.toList()) {
        Files.copy(file, base.resolve(file.getFileName()));
      }
    }
    Dataset demo = DemoWorld.generate(1);
    data = folder.resolve("data");
    DatasetFolder.write(
        new Dataset("mini", demo.items(), demo.users().subList(0, USERS), demo.provenance()), data);
  }

  @AfterAll
  static void restoreThreads() {
    Torch.threads(threads);
  }

  private static Recipe recipe(String method, String... more) {
    List<String> words =
        new ArrayList<>(List.of("method=" + method, "data=" + data, "llm.path=" + base));
    words.addAll(List.of(COMMON.split(" ")));
    words.addAll(List.of(more));
    return Config.bind(Recipe.class, words);
  }

  private static Recipe ilora(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("prompt.embeddings=title-tokens", "adapter.experts=2", "adapter.dropout=0.1"));
    words.addAll(List.of(more));
    return recipe("ilora", words.toArray(String[]::new));
  }

  private static Recipe llara(String... more) {
    List<String> words = new ArrayList<>(List.of("prompt.embeddings=slot"));
    words.addAll(List.of(more));
    return recipe("llara", words.toArray(String[]::new));
  }

  private static List<Recipe> recipes() {
    return List.of(recipe("popularity"), recipe("sasrec"), recipe("tallrec"), ilora());
  }

  private static Path runs() {
    return folder.resolve("runs");
  }

  private static Workspace workspace(Progress progress, Interruption interruption) {
    return new Workspace(runs(), progress, interruption, InstantSource.system());
  }

  private static Workspace workspace() {
    return workspace(Progress.NONE, Interruption.never());
  }

  private static Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (var files = Files.walk(runs())) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        // Records hold durations.
        if (!file.endsWith(RunFolder.RECORD)) {
          all.put(runs().relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return all;
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @Order(1)
  void aSecondTimeNothingIsTrainedAndTheTableIsTheSame() throws IOException {
    var first = new Study(workspace(), recipes(), 1).run(1);
    Map<String, byte[]> before = contents();
    TreeSet<String> work = new TreeSet<>();
    Progress recorder = (what, _, _, _) -> work.add(what);
    var second = new Study(workspace(recorder, Interruption.never()), recipes(), 1).run(1);
    assertEquals(first, second);
    Map<String, byte[]> after = contents();
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    work.remove("runs");
    assertTrue(work.isEmpty(), work.toString());
  }

  @Test
  @Order(2)
  void runsSayWhatTheyWereMadeFrom() throws IOException {
    RunFolder popularity = RunFolder.open(runs().resolve("popularity-seed1"));
    RunFolder run = RunFolder.open(runs().resolve("ilora-seed1"));
    assertEquals(Config.yaml(ilora()), run.recipe());
    assertEquals(10, run.outcomes(CaseSet.TEST).rows().size());
    assertEquals(run.record().inputs().data(), popularity.record().inputs().data());
    String candidates = run.record().inputs().candidatesHash().orElseThrow();
    assertEquals(candidates, popularity.record().inputs().candidatesHash().orElseThrow());
    assertEquals(candidates, run.outcomes(CaseSet.TEST).candidatesHash());
    assertEquals(Set.of(Phase.EVALUATE, Phase.SHARED, Phase.TRAIN), run.record().costs().keySet());
    assertEquals(candidates, CandidateFile.read(run.candidatesFile(CaseSet.TEST)).hash());
    assertEquals(2, run.samples().size());
    assertEquals(10, run.expertWeights().size());
    assertEquals(
        run.outcomes(CaseSet.TEST).metrics(),
        Experiment.open(runs().resolve("ilora-seed1"), workspace()).evaluate());
  }

  @Test
  @Order(2)
  void runsSayWhatTheyTook() {
    RunRecord popularity = RunFolder.open(runs().resolve("popularity-seed1")).record();
    assertEquals(OptionalLong.of(0), popularity.result().trainedParameters());
    assertFalse(popularity.costs().containsKey(Phase.TRAIN));
    for (String name : List.of("sasrec-seed1", "tallrec-seed1", "ilora-seed1")) {
      Cost train = RunFolder.open(runs().resolve(name)).record().costs().get(Phase.TRAIN);
      assertEquals(OptionalInt.of(1), train.threads(), name);
      assertEquals(PeakMemory.begin().isPresent(), train.peakBytes().isPresent(), name);
    }
    Path weights = runs().resolve("tallrec-seed1/model/adapter_model.safetensors");
    long tallrec =
        RunFolder.open(runs().resolve("tallrec-seed1"))
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
  @Order(2)
  void everyRunOfAStudyHoldsTheSameFactsOfItsCases() {
    CaseFacts facts = RunFolder.open(runs().resolve("ilora-seed1")).caseFacts().orElseThrow();
    for (String other : List.of("popularity-seed1", "sasrec-seed1", "tallrec-seed1")) {
      assertEquals(facts, RunFolder.open(runs().resolve(other)).caseFacts().orElseThrow());
    }
    Split split = workspace().data(ilora()).split();
    List<Case> rows = workspace().data(ilora()).cases(Part.TEST);
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

  @Test
  @Order(9)
  void noRecommenderIsTrainedForTheSakeOfClusters() throws IOException {
    Path root = folder.resolve("popularity-alone");
    var clock = InstantSource.system();
    Workspace alone = new Workspace(root, Progress.NONE, Interruption.never(), clock);
    new Study(alone, List.of(recipe("popularity")), 1).run(1);
    CaseFacts facts = RunFolder.open(root.resolve("popularity-seed1")).caseFacts().orElseThrow();
    assertEquals(Optional.empty(), facts.about().clustersBy());
    try (var made = Files.list(root)) {
      assertTrue(made.noneMatch(f -> f.getFileName().toString().startsWith("recommender-")));
    }
  }

  @Test
  @Order(3)
  void anInterruptedRunGoesOnToTheSameModel() throws IOException {
    Path model = runs().resolve("ilora-seed1/model");
    Map<String, byte[]> whole = contents();
    delete(runs().resolve("ilora-seed1"));
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (what, done, _, _) -> {
          if (what.startsWith("training iLoRA") && done == 1) {
            interruption.request();
          }
        };
    Experiment stopped = Experiment.begin(ilora(), workspace(interrupt, interruption));
    assertThrows(InterruptedRunException.class, stopped::train);
    assertFalse(Files.exists(model));
    assertTrue(stopped.folder().record().costs().containsKey(Phase.TRAIN));

    Experiment resumed = Experiment.begin(ilora(), workspace());
    resumed.train();
    resumed.evaluate();
    Map<String, byte[]> again = contents();
    for (String name : whole.keySet()) {
      if (name.startsWith("ilora-seed1/model/") || name.endsWith("outcomes.jsonl")) {
        assertArrayEquals(whole.get(name), again.get(name), name);
      }
    }
  }

  @Test
  @Order(4)
  void aFolderWithAnotherRecipesRunIsRefusedNamingTheLine() throws IOException {
    Path file = runs().resolve("ilora-seed1/recipe.yaml");
    List<String> lines = Files.readAllLines(file);
    int line = lines.indexOf("training:") + 2;
    assertEquals("  steps: 3", lines.get(line - 1));
    String message =
        assertThrows(
                BadInputException.class,
                () -> Experiment.begin(ilora("training.steps=9"), workspace()))
            .getMessage();
    assertEquals(
        file
            + ":"
            + line
            + ": the run in this folder has 'steps: 3', this recipe 'steps: 9': use another"
            + " folder or delete this one",
        message);
    assertEquals(lines, Files.readAllLines(file));
  }

  @Test
  @Order(5)
  void aFolderThatCannotBeARunsIsRefused() throws IOException {
    Path file = runs().resolve("tallrec-seed8");
    Files.writeString(file, "");
    assertEquals(
        file + ": cannot be a run folder: a file stands there",
        assertThrows(
                BadInputException.class,
                () -> Experiment.begin(recipe("tallrec", "seed=8"), workspace()))
            .getMessage());
    assertEquals(
        runs().resolve("nothing") + ": no such run folder",
        assertThrows(
                BadInputException.class,
                () -> Experiment.open(runs().resolve("nothing"), workspace()))
            .getMessage());
  }

  @Test
  @Order(6)
  void aModelOfAnotherBaseIsRefusedNamingBoth() throws IOException {
    Path run = runs().resolve("tallrec-seed1");
    Files.delete(run.resolve("outcomes.jsonl"));
    String trainedOn = BaseModels.hash(base);
    Path weights = base.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertEquals(
        run.resolve("model")
            + ": was trained on the base model base (SHA-256 "
            + trainedOn
            + "), not on "
            + base
            + " ("
            + BaseModels.hash(base)
            + ")",
        assertThrows(BadInputException.class, () -> Experiment.open(run, workspace()).evaluate())
            .getMessage());
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
  }

  /** No queued run begins once the user asked to stop. */
  @Test
  @Order(9)
  void anInterruptedStudyLeavesWaitingRunsAlone() {
    Path root = folder.resolve("stopped");
    Interruption interruption = Interruption.never();
    Progress interrupt =
        (_, _, _, detail) -> {
          if (detail.contains("training TALLRec")) {
            interruption.request();
          }
        };
    Study study =
        new Study(
            new Workspace(root, interrupt, interruption, InstantSource.system()),
            List.of(recipe("tallrec"), llara()),
            2);
    assertThrows(InterruptedRunException.class, () -> study.run(2));
    for (String waiting : List.of("llara-seed1", "llara-seed2")) {
      assertFalse(Files.exists(root.resolve(waiting).resolve("curve.jsonl")), waiting);
    }
  }

  /** Runs at the same time share nothing that decides their results. */
  @Test
  @Order(8)
  void jobsAtTheSameTimeGiveWhatOneAfterAnotherGives() throws IOException {
    List<Recipe> recipes = List.of(recipe("tallrec"), ilora("adapter.dropout=0"));
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    for (Path root : List.of(one, two)) {
      var clock = InstantSource.system();
      new Study(new Workspace(root, Progress.NONE, Interruption.never(), clock), recipes, 2)
          .run(root.equals(one) ? 1 : 3);
    }
    for (String run : List.of("tallrec-seed1", "tallrec-seed2", "ilora-seed1", "ilora-seed2")) {
      Map<Phase, Cost> costs = RunFolder.open(two.resolve(run)).record().costs();
      assertEquals(OptionalInt.of(1), costs.get(Phase.TRAIN).threads());
      assertTrue(costs.get(Phase.TRAIN).peakBytes().isEmpty(), "nobody's memory");
      assertEquals(
          PeakMemory.begin().isPresent() && run.endsWith("seed1"),
          costs.containsKey(Phase.REHEARSE),
          "one seed of each recipe is tried alone");
      for (String file : List.of("outcomes.jsonl", "model/adapter_model.safetensors")) {
        assertArrayEquals(
            Files.readAllBytes(one.resolve(run).resolve(file)),
            Files.readAllBytes(two.resolve(run).resolve(file)),
            run + " " + file);
      }
    }
  }

  /** Forms of a method, seeds of their own and the papers' rows, without a language model. */
  @Test
  @Order(10)
  void formsOfAMethodStandApartWithTheirOwnSeedsOnBothKindsOfRows() throws IOException {
    Path root = folder.resolve("forms");
    String paper = "rows.paperRows=true";
    List<Recipe> recipes =
        List.of(
            recipe("popularity", paper, "seeds=3"),
            recipe("sasrec", paper, "recommender.epochs=1"),
            recipe("sasrec", paper, "recommender.epochs=2", "name=SASRec, 2 epochs", "seeds=3"));
    TreeSet<String> work = new TreeSet<>();
    Progress recorder = (what, _, _, _) -> work.add(what);
    Workspace workspace =
        new Workspace(root, recorder, Interruption.never(), InstantSource.system());
    Study study = new Study(workspace, recipes, 2);
    List<ResultTable> tables = study.run(1);
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
    RunFolder run = RunFolder.open(root.resolve("sasrec-2-epochs-seed3"));
    assertEquals("SASRec, 2 epochs", run.record().identity().name());
    assertEquals(Method.SASREC, run.record().identity().method());
    assertEquals(
        run.outcomes(CaseSet.PAPER).candidatesHash(),
        CandidateFile.read(run.candidatesFile(CaseSet.PAPER)).hash());
    assertFalse(Files.exists(root.resolve("sasrec-2-epochs-seed4")));
    assertFactsAreOfTheTestCases(run, study);

    work.clear();
    Path missing = run.outcomesFile(CaseSet.PAPER);
    byte[] former = Files.readAllBytes(missing);
    var kept = Files.getLastModifiedTime(run.outcomesFile(CaseSet.TEST));
    Files.delete(missing);
    assertEquals(figures(tables), figures(study.run(1)));
    assertArrayEquals(former, Files.readAllBytes(missing));
    assertEquals(kept, Files.getLastModifiedTime(run.outcomesFile(CaseSet.TEST)));
    assertEquals(new TreeSet<>(), work);
  }

  /** Groups are shown for the test rows; the papers' rows have other candidates. */
  private static void assertFactsAreOfTheTestCases(RunFolder run, Study study) {
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

  /** All of the tables but durations: evaluating again has taken time. */
  private static String figures(List<ResultTable> tables) {
    StringBuilder figures = new StringBuilder();
    for (ResultTable table : tables) {
      table.methods().forEach(row -> figures.append(row.method()).append(row.figures()));
      figures.append(table.tests());
    }
    return figures.toString();
  }

  @Test
  @Order(5)
  void aLanguageModelAnswersThePapersRowsBesideItsTestRows() {
    Recipe recipe = recipe("zero-shot", "rows.paperRows=true");
    Experiment run = Experiment.begin(recipe, workspace());
    run.prepare();
    run.evaluate();
    assertEquals(10, run.folder().outcomes(CaseSet.TEST).rows().size());
    assertEquals(5, run.folder().outcomes(CaseSet.PAPER).rows().size());
    RunRecord record = run.folder().record();
    assertEquals(OptionalLong.of(0), record.result().trainedParameters());
    assertEquals(
        Set.of(Phase.EVALUATE, Phase.EVALUATE_PAPER_CASES, Phase.SHARED), record.costs().keySet());
  }

  /** A study of more seeds later uses the runs of one of fewer. */
  @Test
  @Order(10)
  void theNumberOfSeedsIsNoPartOfARun() {
    Path root = folder.resolve("seeds");
    var workspace =
        new Workspace(root, Progress.NONE, Interruption.never(), InstantSource.system());
    Recipe two = recipe("sasrec", "recommender.epochs=1", "seeds=2");
    Recipe three = recipe("sasrec", "recommender.epochs=1", "seeds=3");
    Study first = new Study(workspace, List.of(two), 1);
    assertEquals(2, first.run(1).getFirst().methods().getFirst().seeds());
    assertEquals(
        3, new Study(workspace, List.of(three), 1).run(1).getFirst().methods().getFirst().seeds());
    assertEquals(root.resolve("sasrec-seed1"), Experiment.begin(three, workspace).folder().path());
  }

  private static String refusal(int jobs, Recipe... recipes) {
    return assertThrows(
            ConfigException.class, () -> new Study(workspace(), List.of(recipes), 1).run(jobs))
        .getMessage();
  }

  @Test
  @Order(7)
  void studiesOfWhatCannotBeComparedAreRefused() {
    String message =
        "Popularity and SASRec are not on the same data and rows: their figures cannot stand in"
            + " one table";
    assertEquals(message, refusal(1, recipe("popularity"), recipe("sasrec", "data=" + folder)));
    assertEquals(message, refusal(1, recipe("popularity"), recipe("sasrec", "rows.candidates=6")));
    assertEquals(
        "Popularity and Popularity would share the runs popularity-seedN: give each recipe a name"
            + " of its own",
        refusal(1, recipe("popularity"), recipe("popularity")));
    assertEquals(
        "LLaRA + slot and LLaRA (slot) would share the runs llara-slot-seedN: give each recipe a"
            + " name of its own",
        refusal(1, llara("name=LLaRA + slot"), llara("name=LLaRA (slot)")));
    assertEquals("a study needs at least one recipe", refusal(1));
    assertEquals(
        "adapter.dropout is 0.1: several jobs at once share its generator, use 1",
        refusal(2, ilora()));
    assertEquals(
        "adapter.gate is noisy: several jobs at once share its generator, use 1",
        refusal(2, ilora("adapter.gate=noisy")));
    assertEquals("jobs: expected at least 1, got 0", refusal(0, recipe("popularity")));
  }
}
