package dev.ilora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.recommend.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example on the demo world. */
class ExamplesTest {
  @TempDir private static Path folder;
  private static List<String> trained;
  private static Path data;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Path results = folder.resolve("results");
    trained =
        Programs.output(
            TrainFromALog::main,
            Programs.log(folder.resolve("log")),
            results,
            "recommender.epochs=1",
            "rows.testRows=60");
    data = results.resolve("data");
    model = results.resolve("model");
  }

  @Test
  void aLogBecomesAModelWithItsMetrics() {
    assertEquals("400 users, 300 items, 9,675 interactions", trained.getFirst());
    assertTrue(trained.get(1).startsWith("SASRec on 60 test rows: {hr@1=0."), trained.get(1));
    assertEquals("The model is in " + model, trained.getLast());
    assertEquals("sasrec", ModelFolder.card(model).method());
    assertTrue(ModelFolder.card(model).metrics().containsKey("ndcg@5"));
  }

  @Test
  void theModelIsLoadedAndAskedFromAnywhere() throws IOException {
    Path moved = folder.resolve("moved");
    ModelFolder.export(model, moved, Map.of(), Optional.empty(), false);
    requireChoices(Programs.output(LoadAndRecommend::main, moved));
  }

  private static void requireChoices(List<String> lines) {
    assertEquals(5, lines.size(), lines::toString);
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(
          lines.get(i).matches((i + 1) + "  [A-Z][a-z]+ [A-Z][a-z]+ +\\d+\\.\\d %"), lines.get(i));
    }
  }

  @Test
  void theSameProgramsTrainAndAskALanguageModel() throws IOException {
    Path results = folder.resolve("language-model");
    List<String> lines =
        Programs.output(
            TrainFromALog::main,
            folder.resolve("log"),
            results,
            "method=ilora",
            "prompt.embeddings=slot",
            "adapter.experts=2",
            "adapter.rank=2",
            "adapter.targets=[q-proj]",
            "training.steps=1",
            "training.batch=2",
            "recommender.epochs=1",
            "rows.testRows=6",
            "rows.validRows=3");
    assertTrue(lines.get(1).startsWith("iLoRA on 6 test rows: {hr@1=0."), lines.get(1));
    assertTrue(Files.exists(results.resolve("model/base/model.safetensors")));
    requireChoices(Programs.output(LoadAndRecommend::main, results.resolve("model")));
  }

  @Test
  void aRuleOfOnesOwnIsComparedWithPopularity() throws IOException {
    List<String> lines = Programs.output(YourOwnEvaluation::main, data);
    String figures = "%s  HR@1 (0\\.\\d{3}) \\[0\\.\\d{3}, 0\\.\\d{3}]  NDCG@5 0\\.\\d{3}";
    assertTrue(lines.get(0).matches(figures.formatted("Neighbours")), lines.get(0));
    assertTrue(lines.get(1).matches(figures.formatted("Popularity")), lines.get(1));
    assertTrue(hits(lines.get(0)) > hits(lines.get(1)), lines::toString);
  }

  private static double hits(String line) {
    return Double.parseDouble(line.split(" +")[2]);
  }

  @Test
  void allUsersAreAnsweredOnceHoweverOftenTheJobIsStopped() throws IOException {
    Path out = folder.resolve("answers.jsonl");
    List<String> whole = Programs.output(BatchRecommendations::main, model, data, out);
    assertTrue(whole.getFirst().matches("400 users, [\\d,]+ a second, 0 answered before"));
    List<String> answers = Files.readAllLines(out);
    assertEquals(400, answers.size());

    Path again = folder.resolve("again.jsonl");
    Files.write(folder.resolve("again.jsonl.partial"), answers.subList(0, 300));
    Path identity = folder.resolve("again.jsonl.partial.id");
    Files.writeString(identity, "another model or other data");
    assertThrows(
        BadInputException.class,
        () -> Programs.output(BatchRecommendations::main, model, data, again));

    Files.writeString(
        identity, ModelFolder.hash(model) + " " + DatasetFolder.hash(DatasetFolder.read(data)));
    List<String> rest = Programs.output(BatchRecommendations::main, model, data, again);
    assertTrue(rest.getFirst().matches("100 users, [\\d,]+ a second, 300 answered before"));
    assertEquals(answers, Files.readAllLines(again));
  }
}
