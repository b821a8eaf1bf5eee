package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.evaluate.Protocol;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.Device;
import dev.ilora.train.RecommenderTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on with what it was made from, or not at all. */
class RunOriginTest {
  private static final Dataset DEMO = DemoWorld.generate(1);

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("data");
    write(40, Map.of());
  }

  private void write(int users, Map<String, String> provenance) throws IOException {
    DatasetFolder.write(
        new Dataset("mini", DEMO.items(), DEMO.users().subList(0, users), provenance), data);
  }

  private Recipe recipe(String method, String... more) {
    List<String> words =
        new ArrayList<>(List.of("method=" + method, "data=" + data, "llm.dtype=fp32"));
    words.addAll(List.of("rows.testRows=10", "rows.validRows=5", "rows.candidates=5"));
    words.addAll(List.of(more));
    return Config.bind(Recipe.class, words);
  }

  private Workspace workspace() {
    return new Workspace(folder.resolve("runs"));
  }

  private Experiment finished(Recipe recipe) {
    Experiment run = Experiment.begin(recipe, workspace());
    run.prepare();
    run.train();
    run.evaluate();
    return run;
  }

  @Test
  void aRunOnDataThatChangedIsRefusedNamingBothHashes() throws IOException {
    Recipe recipe = recipe("popularity");
    Experiment run = finished(recipe);
    String before = workspace().data(recipe).hash();
    write(39, Map.of());
    String expected =
        "%s: the run in this folder is on data with hash %s, 'mini' now has hash %s: use another folder or delete this one"
            .formatted(run.folder().recordFile(), before, workspace().data(recipe).hash());
    assertEquals(
        expected,
        assertThrows(BadInputException.class, () -> Experiment.begin(recipe, workspace()))
            .getMessage());
    assertEquals(
        expected,
        assertThrows(
                BadInputException.class, () -> Experiment.open(run.folder().path(), workspace()))
            .getMessage());
  }

  @Test
  void aTemplateFileThatChangedIsRefused() throws IOException {
    Path template = folder.resolve("short.txt");
    Files.writeString(template, "Seen [HistoryHere]. Next of [CansHere]:\n");
    Recipe recipe = recipe("popularity", "prompt.template=" + template);
    Experiment run = finished(recipe);
    Files.writeString(template, "Liked [HistoryHere]. Next of [CansHere]:\n");
    assertEquals(
        run.folder().templateFile()
            + ": the run in this folder has the prompt 'Seen [HistoryHere]. Next of [CansHere]:',"
            + " the template is now 'Liked [HistoryHere]. Next of [CansHere]:': use another folder"
            + " or delete this one",
        assertThrows(BadInputException.class, () -> Experiment.begin(recipe, workspace()))
            .getMessage());
  }

  @Test
  void aFinishedRunIsRefusedOnceItsLanguageModelChanged() throws IOException {
    Path base = Files.createDirectory(folder.resolve("base"));
    try (var files = Files.list(BaseModels.folder(BaseModels.OURS))) {
      for (Path file : files.toList()) {
        Files.copy(file, base.resolve(file.getFileName()));
      }
    }
    Recipe recipe = recipe("zero-shot", "llm.path=" + base);
    Experiment run = finished(recipe);
    Experiment.begin(recipe, workspace());
    String before = run.folder().record().inputs().baseModelHash().orElseThrow();
    Path config = base.resolve("config.json");
    Files.writeString(config, Files.readString(config) + "\n");
    assertEquals(
        "%s: the run in this folder asked a model with hash %s, %s now has hash %s: use another folder or delete this one"
            .formatted(run.folder().recordFile(), before, base, BaseModels.hash(base)),
        assertThrows(BadInputException.class, () -> Experiment.begin(recipe, workspace()))
            .getMessage());
    Workspace workspace = workspace();
    Experiment open = Experiment.open(run.folder().path(), workspace);
    assertThrows(BadInputException.class, () -> open.evaluate(new Protocol.Constrained()));
    assertEquals(before, run.folder().record().inputs().baseModelHash().orElseThrow());
  }

  @Test
  void aTryThatFailedBeforeAnyWorkDoesNotStandInTheWayOfACorrectedOne() {
    Path run = folder.resolve("runs/tallrec-seed1");
    assertThrows(
        ConfigException.class,
        () -> Experiment.begin(recipe("tallrec", "device=cuda:99"), workspace()));
    assertFalse(Files.exists(run));
    Experiment wrong = Experiment.begin(recipe("tallrec", "llm.path=" + folder), workspace());
    assertThrows(BadInputException.class, wrong::prepare);
    Recipe corrected = recipe("tallrec", "training.steps=7");
    assertEquals(
        Config.yaml(corrected), Experiment.begin(corrected, workspace()).folder().recipe());
  }

  @Test
  void aRunSaysWhenItsDataIsNotInTheOrderOfTime() throws IOException {
    write(40, Map.of("order", "papers"));
    assertEquals(
        List.of("each user's items are ordered by papers"),
        finished(recipe("popularity")).folder().record().result().notes());
    write(40, Map.of("order", "time"));
    assertTrue(
        Experiment.begin(recipe("sasrec"), workspace())
            .folder()
            .record()
            .result()
            .notes()
            .isEmpty());
  }

  @Test
  void aRecommenderGivenByPathMustBeTheMethodsAndOfTheSameItems() {
    Path sasrec = folder.resolve("sasrec");
    Path other = folder.resolve("other");
    Path popularity = folder.resolve("popularity");
    Recipe recipe = recipe("sasrec", "recommender.path=" + sasrec);
    RecommenderConfig config =
        RecommenderConfig.defaults(Architecture.Model.SASREC, 10, 1).withEpochs(1);
    var rows = workspace().data(recipe).split().trainRows(1);
    for (Path path : List.of(sasrec, other)) {
      int items = DEMO.itemCount() + (path.equals(other) ? 1 : 0);
      try (var model =
          new RecommenderTraining("training", config, items, rows, rows, Device.CPU)
              .run(RunContext.silent(InstantSource.system()))
              .model()) {
        model.save(path, Map.of());
      }
    }
    try (var counted = new Popularity(workspace().data(recipe).split().trainCounts())) {
      counted.save(popularity, Map.of());
    }
    workspace().recommenders(recipe).of(Architecture.Model.SASREC).close();
    assertEquals(
        sasrec + ": holds SASRec, the method is Caser",
        refusal(recipe("caser", "recommender.path=" + sasrec), Architecture.Model.CASER));
    assertEquals(
        other + ": knows 301 items, " + data + " has 300: it was trained on other data",
        refusal(recipe("sasrec", "recommender.path=" + other), Architecture.Model.SASREC));
    assertEquals(
        popularity + ": holds Popularity; expected a recommender with sequence embeddings",
        refusal(recipe("sasrec", "recommender.path=" + popularity), Architecture.Model.SASREC));
  }

  private String refusal(Recipe recipe, Architecture.Model model) {
    return assertThrows(BadInputException.class, () -> workspace().recommenders(recipe).of(model))
        .getMessage();
  }
}
