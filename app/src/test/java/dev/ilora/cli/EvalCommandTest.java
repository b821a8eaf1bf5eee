package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvalCommandTest extends RunsCommands {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "movielens, sasrec, 95",
    "movielens, gru4rec, 95",
    "movielens, caser, 95",
    "lastfm, sasrec_llara, 122"
  })
  void importedWeightsHaveThePublishedMetricsOnStoredRows(String data, String model, int rows) {
    Path conformance = SharedFiles.require("conformance/recommender/" + data);
    Path stored = SharedFiles.require("data/llara/" + data);
    String imported = folder.resolve("model").toString();
    String weights = conformance.resolve(model + ".weights.safetensors").toString();
    assertEquals(0, run("recommender", "import", weights, "--out", imported), err::toString);
    int evaluated =
        run(
            "eval",
            imported,
            "--items",
            stored.resolve("items.tsv").toString(),
            "--rows",
            stored.resolve("test.jsonl").toString(),
            "--candidates",
            conformance.resolve("candidates.jsonl").toString(),
            "--json");
    assertEquals(0, evaluated, err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    JsonNode expected =
        JsonMapper.shared().readTree(conformance.resolve(model + ".metrics.json").toFile());
    assertEquals(rows, result.get("cases").asInt());
    assertEquals(rows, expected.get("rows").asInt());
    Map<String, String> blocks =
        Map.of("candidates_20", "candidates20", "full_catalogue", "fullCatalogue");
    for (String theirs : blocks.keySet()) {
      String block = blocks.get(theirs);
      assertEquals(9, expected.get(theirs).size());
      for (var metric : expected.get(theirs).properties()) {
        double own = result.get(block).get(metric.getKey()).asDouble();
        assertEquals(metric.getValue().asDouble(), own, 1e-9, block + " " + metric.getKey());
      }
    }
    JsonNode interval = result.get("intervals").get("candidates20").get("hr@1");
    double value = result.get("candidates20").get("hr@1").asDouble();
    assertTrue(interval.get(0).asDouble() < value && value < interval.get(1).asDouble());
  }

  /** Items, rows and candidates of a made-up world of four, and its popularity. */
  private List<String> storedFiles() throws IOException {
    Files.writeString(folder.resolve("items.tsv"), "id\ttitle\n0\tAsh\n1\tBay\n2\tElm\n3\tFir\n");
    Files.writeString(
        folder.resolve("rows.jsonl"),
        """
        {"user": 1, "history": [0, 1, 2], "next": 3}
        {"user": 2, "history": [0, 1], "next": 2}
        {"user": 3, "history": [3, 2, 1], "next": 0}
        """);
    Files.writeString(
        folder.resolve("candidates.jsonl"),
        """
        {"row": 0, "target": 3, "candidates": [3, 0]}
        {"row": 2, "target": 0, "candidates": [1, 0]}
        """);
    Path model = folder.resolve("popularity");
    try (var popularity = new dev.ilora.recommender.Popularity(new int[] {4, 3, 2, 1})) {
      Files.createDirectories(model);
      popularity.save(model, java.util.Map.of());
    }
    return new ArrayList<>(
        List.of(
            "eval",
            model.toString(),
            "--items",
            folder.resolve("items.tsv").toString(),
            "--rows",
            folder.resolve("rows.jsonl").toString(),
            "--candidates",
            folder.resolve("candidates.jsonl").toString()));
  }

  @Test
  void namesTheBlockAfterTheNumberOfCandidatesAndLeavesShortHistoriesOut() throws IOException {
    String[] words = storedFiles().toArray(String[]::new);
    assertEquals(0, run(words), err::toString);
    List<String> lines = out.toString().lines().toList();
    assertEquals("Popularity, candidates2, on 2 cases", lines.get(0));
    assertEquals("  HR@1                  0.5000  [0.0000, 1.0000]", lines.get(1));
    assertTrue(lines.contains("Popularity, fullCatalogue, on 2 cases"), out::toString);
  }

  @Test
  void candidatesMustBeOfTheSameRows() throws IOException {
    List<String> words = storedFiles();
    Path candidates = folder.resolve("candidates.jsonl");
    words.addAll(List.of("--min-history", "1"));
    assertEquals(
        "ilora: " + candidates + ": candidates are for 2 rows, but 3 rows are evaluated",
        error(3, words.toArray(String[]::new)));
    String[] usual = storedFiles().toArray(String[]::new);
    Files.writeString(
        candidates,
        """
        {"row": 0, "target": 3, "candidates": [3, 0]}
        {"row": 2, "target": 1, "candidates": [1, 0]}
        """);
    assertEquals(
        "ilora: "
            + candidates
            + ": candidates number 1 are for row 2 with target 1, but the row evaluated there is 2"
            + " with target 0",
        error(3, usual));
    Files.writeString(
        candidates,
        """
        {"row": 0, "target": 3, "candidates": [3, 0]}
        {"row": 2, "target": 0, "candidates": [4, 0]}
        """);
    assertEquals("ilora: " + candidates + ":2: candidate 4 is outside 0 .. 3", error(3, usual));
    Files.writeString(
        candidates,
        """
        {"row": 0, "target": 3, "candidates": [3, 0]}
        {"row": 2, "target": 0, "candidates": [2, 1, 0]}
        """);
    assertEquals(
        "ilora: " + candidates + ":2: 3 candidates, but the first row has 2", error(3, usual));
  }

  @Test
  void theItemsMustBeThoseOfTheModel() throws IOException {
    String[] words = storedFiles().toArray(String[]::new);
    Path items = folder.resolve("items.tsv");
    Files.writeString(items, Files.readString(items) + "4\tOak\n");
    assertEquals(
        "ilora: " + items + ": has 5 items, but the Popularity to evaluate knows 4",
        error(3, words));
  }

  @Test
  void thePapersRowsOfARunFollowItsTestRows() throws IOException {
    Path data = folder.resolve("data");
    DatasetFolder.write(DemoWorld.generate(1), data);
    Path recipe =
        Files.writeString(
            folder.resolve("mine.yaml"),
            "method: popularity\nname: Mine\nrows: {paperRows: true, testRows: 30}\n");
    Path runs = folder.resolve("runs");
    assertEquals(
        0,
        run("train", recipe.toString(), "data=" + data, "--out", runs.toString()),
        err::toString);
    out.getBuffer().setLength(0);
    String folderOfRun = runs.resolve("mine-seed1").toString();
    assertEquals(0, run("eval", folderOfRun), err::toString);
    List<String> lines = out.toString().lines().filter(line -> line.startsWith("Mine")).toList();
    assertEquals(2, lines.size(), out::toString);
    assertTrue(lines.get(0).startsWith("Mine (seed 1), scores, on 30 cases of "), lines.get(0));
    assertEquals(
        "Mine (seed 1), scores, the paper's rows (the last of each test user), on 30 cases of 30"
            + " users",
        lines.get(1));
    out.getBuffer().setLength(0);
    assertEquals(0, run("eval", folderOfRun, "--json"), err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals(30, result.get("paperCases").get("users").asInt());
    assertTrue(result.get("paperCases").get("metrics").has("hr@1"));
  }

  @Test
  void refusesFoldersAndWordsItCannotUse() throws IOException {
    List<String> words = storedFiles();
    String model = words.get(1);
    assertEquals(
        "ilora: " + folder + "/none: no such run folder", error(3, "eval", folder + "/none"));
    assertEquals(
        "ilora: "
            + folder
            + ": is neither a model folder (no model.json) nor a run (no recipe.yaml) nor a"
            + " recommender (no recommender.safetensors)",
        error(3, "eval", folder.toString()));
    assertEquals(
        "ilora: "
            + model
            + " is a recommender without rows of its own: give --items, --rows, --candidates",
        error(2, "eval", model));
    assertEquals(
        "ilora: --rows and --candidates missing: --items, --rows and --candidates go together",
        error(2, "eval", model, "--items", words.get(3)));
    assertEquals(
        "ilora: --protocol: unknown protocol 'liklihood'; did you mean likelihood?",
        error(2, "eval", model, "--protocol", "liklihood"));
    assertEquals(
        "ilora: --protocol: unknown protocol 'beam'; known are likelihood, likelihood-mean,"
            + " likelihood-pmi, constrained, generate",
        error(2, "eval", model, "--protocol", "beam"));
    assertFalse(Files.exists(folder.resolve("outcomes.jsonl")));
  }

  @Test
  void formsOfWeightsAreComparedOnARunsOwnRows() throws IOException {
    DatasetFolder.write(DemoWorld.generate(1), folder.resolve("data"));
    Path recipe =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            method: zero-shot
            rows: {testRows: 24, validRows: 8}
            llm: {dtype: fp32}
            """);
    String data = "data=" + folder.resolve("data");
    String runs = folder.resolve("runs").toString();
    assertEquals(0, run("train", recipe.toString(), data, "--out", runs), err::toString);
    Path trained = folder.resolve("runs/zero-shot-seed1");
    out.getBuffer().setLength(0);
    String forms = "fp32,int8,q4_0,nf4";
    assertEquals(0, run("eval", trained.toString(), "--forms", forms, "--json"), err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals(24, result.get("cases").asInt());
    JsonNode exact = result.get("forms").get(0);
    assertEquals("fp32", exact.get("weights").asString());
    assertEquals(1, exact.get("agreement").asDouble());
    long before = Long.MAX_VALUE;
    for (String name : List.of("fp32", "int8", "q4_0")) {
      JsonNode form = result.get("forms").get(List.of(forms.split(",")).indexOf(name));
      assertEquals(name, form.get("weights").asString());
      assertTrue(form.get("bytes").asLong() < before, out::toString);
      before = form.get("bytes").asLong();
      assertTrue(form.get("logLikelihood").asDouble() < 0, out::toString);
    }
    // Eight bits change a title's likelihood less than four do.
    double likely = exact.get("logLikelihood").asDouble();
    double eight = Math.abs(result.get("forms").get(1).get("logLikelihood").asDouble() - likely);
    double four = Math.abs(result.get("forms").get(2).get("logLikelihood").asDouble() - likely);
    assertTrue(eight < four && eight < 0.1, out::toString);
    assertFalse(Files.exists(trained.resolve("outcomes.jsonl")), "nothing is kept");
    assertEquals(2, run("eval", trained.toString(), "--forms", "int4"));
    assertTrue(err.toString().contains("--forms: expected one of asis, bf16"), err::toString);
    assertEquals(2, run("eval", trained.toString(), "--forms", "bf16", "--protocol", "generate"));
    assertTrue(err.toString().contains("--forms goes with neither"), err::toString);
  }
}
