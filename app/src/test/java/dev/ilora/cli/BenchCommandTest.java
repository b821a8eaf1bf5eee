package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest extends RunsCommands {
  private static final List<String> TINY =
      List.of(
          ("--width 32 --layers 2 --heads 4 --kv-heads 2 --feed-forward 48 --vocabulary 400"
                  + " --batch 2 --candidates 4 --rank 4 --experts 2 --repetitions 1 --threads 1")
              .split(" "));

  @TempDir private Path folder;

  private int bench(String name, String... more) {
    List<String> words = new ArrayList<>(List.of("bench", name));
    words.addAll(TINY);
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new));
  }

  private JsonNode result(String... names) {
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals(
        List.of("bench", "command", "date", "machine", "sizes", "measurements", "goals"),
        List.copyOf(result.propertyNames()));
    JsonNode measurements = result.get("measurements");
    assertEquals(List.of(names), stream(measurements).map(m -> m.get("name").asString()).toList());
    for (JsonNode each : measurements) {
      assertEquals(
          List.of("name", "median_seconds", "min_seconds", "max_seconds", "repetitions", "figures"),
          List.copyOf(each.propertyNames()));
      assertEquals(1, each.get("repetitions").asInt());
      assertTrue(each.get("median_seconds").asDouble() > 0, out::toString);
      stream(each.get("figures")).forEach(f -> assertTrue(f.asDouble() > 0, out::toString));
    }
    for (JsonNode goal : result.get("goals")) {
      assertEquals(
          List.of("text", "wanted", "measured", "reached"), List.copyOf(goal.propertyNames()));
    }
    return result;
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  @Test
  void trainTimesStepsAndReportWritesThePage() throws IOException {
    assertEquals(0, bench("train", "--no-memory", "--json"), err::toString);
    JsonNode result =
        result(
            "ilora fp32",
            "lora fp32",
            "frozen fp32",
            "checkpointed fp32",
            "reference fp32",
            "products fp32",
            "ilora bf16",
            "lora bf16",
            "frozen bf16",
            "checkpointed bf16",
            "products bf16");
    assertEquals(32, result.get("sizes").get("width").asInt());
    assertEquals("1", result.get("machine").get("threads").asString());
    assertTrue(result.get("command").asString().startsWith("ilora bench train --width 32 "));
    JsonNode figures = result.get("measurements").get(0).get("figures");
    assertEquals(
        List.of("examplesPerSecond", "tokensPerSecond", "utilisation", "gflops"),
        List.copyOf(figures.propertyNames()));

    Path file = Files.writeString(folder.resolve("train.json"), out.toString());
    Path page = folder.resolve("performance.md");
    assertEquals(0, run("bench", "report", file.toString(), "--out", page.toString()));
    assertEquals("written: " + page, out.toString().strip());
    String text = Files.readString(page);
    assertTrue(text.contains("\n## bench train\n"), text);
    assertTrue(text.contains("\n| reference fp32 | "), text);
  }

  @Test
  @Tag("slow")
  void trainMeasuresPeakMemoryWhereTheSystemTells() {
    assertEquals(0, bench("train", "--dtype", "bf16", "--json"), err::toString);
    JsonNode result =
        result("ilora bf16", "lora bf16", "frozen bf16", "checkpointed bf16", "products bf16");
    boolean told = Files.isWritable(Path.of("/proc/self/clear_refs"));
    for (JsonNode each : result.get("measurements")) {
      boolean trains = !each.get("name").asString().equals("products bf16");
      assertEquals(told && trains, each.get("figures").has("peakMib"), out::toString);
      assertEquals(told && trains, each.get("figures").has("workingMib"), out::toString);
    }
  }

  @Test
  void scoreComparesTreesWithOneAtATime() {
    assertEquals(0, bench("score", "--json"), err::toString);
    JsonNode result =
        result(
            "prompt alone fp32", "tree fp32", "reference fp32", "prompt alone bf16", "tree bf16");
    assertEquals(3, result.get("goals").size());
  }

  @Test
  void generateComparesWaysOfDecoding() {
    assertEquals(0, bench("generate", "--dtype", "fp32", "--json"), err::toString);
    JsonNode result =
        result(
            "prompt alone fp32",
            "greedy fp32",
            "prompts one by one fp32",
            "one by one fp32",
            "constrained fp32");
    assertEquals(1, result.get("goals").size());
  }

  @Test
  void aLanguageModelStandsInPlaceOfRandomWeights() throws IOException {
    String[] words = {
      "--llm", "ilora-base", "--batch", "2", "--candidates", "4", "--dtype", "fp32", "--json"
    };
    assertEquals(0, asked("train", "--only", "lora", words), err::toString);
    JsonNode result = result("lora fp32");
    assertEquals("ilora-base", result.get("sizes").get("llm").asString());
    assertEquals(128, result.get("sizes").get("width").asInt());
    assertEquals(6144, result.get("sizes").get("vocabulary").asInt());
    assertEquals(0, asked("score", "--only", "prompt alone fp32,tree", words), err::toString);
    result("prompt alone fp32", "tree fp32");

    assertEquals(2, asked("score", "--only", "trees", words));
    assertTrue(
        err.toString().contains("--only: no variant is named trees; there are"), err::toString);
    assertEquals(2, run("bench", "score", "--llm", "ilora-base", "--width", "64", "--heads", "8"));
    assertTrue(
        err.toString().contains("--llm brings sizes of its own: leave out --width, --heads"),
        err::toString);
  }

  private int asked(String name, String option, String value, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("bench", name, option, value, "--repetitions", "1", "--threads", "1"));
    words.addAll(List.of(more));
    if (name.equals("train")) {
      words.add("--no-memory");
    }
    return run(words.toArray(String[]::new));
  }

  @Test
  void promptsAreWrittenForOtherPrograms() throws IOException {
    Path file = folder.resolve("prompts.json");
    String[] words = {
      "bench",
      "prompts",
      "--llm",
      "ilora-base",
      "--batch",
      "3",
      "--candidates",
      "5",
      "--out",
      file.toString()
    };
    assertEquals(0, run(words), err::toString);
    JsonNode prompts = JsonMapper.shared().readTree(Files.readString(file));
    assertEquals(3, prompts.size());
    for (JsonNode example : prompts) {
      assertEquals(List.of("prompt", "answer", "candidates"), List.copyOf(example.propertyNames()));
      assertTrue(example.get("prompt").size() > 20, example::toString);
      assertEquals(5, example.get("candidates").size());
      assertTrue(
          stream(example.get("candidates")).anyMatch(example.get("answer")::equals),
          example::toString);
    }
  }

  @Test
  void recommendTimesEpochsAndScores() throws IOException {
    Dataset demo = DemoWorld.generate(1);
    Dataset part =
        new Dataset("part", demo.items(), demo.users().subList(0, 40), demo.provenance());
    String data = folder.resolve("part").toString();
    DatasetFolder.write(part, Path.of(data));
    assertEquals(
        0,
        run("bench", "recommend", "--data", data, "--repetitions", "1", "--json"),
        err::toString);
    JsonNode result =
        result(
            "SASRec epoch",
            "SASRec scoring",
            "GRU4Rec epoch",
            "GRU4Rec scoring",
            "Caser epoch",
            "Caser scoring");
    assertEquals("part", result.get("sizes").get("data").asString());
    assertEquals(0, result.get("goals").size(), "goals are stated for MovieLens-100K");
  }

  @Test
  void serveLoadsAModelAndAsksItBothWays() throws IOException {
    Dataset demo = DemoWorld.generate(1);
    String data = folder.resolve("world").toString();
    DatasetFolder.write(demo, Path.of(data));
    String model = folder.resolve("sasrec").toString();
    String[] train = {
      "recommender", "train", data, "--model", "sasrec", "--epochs", "1", "--out", model
    };
    assertEquals(0, run(train), err::toString);
    String[] words = {
      "bench",
      "serve",
      model,
      "--items",
      data,
      "--requests",
      "20",
      "--repetitions",
      "1",
      "--threads",
      "1",
      "--json"
    };
    assertEquals(0, run(words), err::toString);
    JsonNode result = result("load", "first answer", "one by one", "one batch");
    assertEquals("SASRec", result.get("sizes").get("model").asString());
    assertEquals(20, result.get("sizes").get("requests").asInt());
    assertTrue(result.get("measurements").get(3).get("figures").has("requests_per_second"));
  }

  @Test
  void importTimesTheWholeCommand() {
    assertEquals(
        0,
        run("bench", "import", "--ratings", "300", "--repetitions", "1", "--json"),
        err::toString);
    JsonNode result = result("import", "copy");
    assertEquals(300, result.get("sizes").get("ratings").asInt());
    assertEquals("2g", result.get("sizes").get("heap").asString());
  }

  @Test
  void wordsArePrintedWhereNoJsonIsWanted() {
    assertEquals(0, bench("score", "--dtype", "fp32"), err::toString);
    List<String> lines = out.toString().lines().toList();
    assertEquals(5, lines.size(), out::toString);
    assertTrue(
        lines
            .get(1)
            .matches("tree fp32 .* s \\[.*\\]  queries per second [0-9.,]+.* necessary gflop .*"));
    assertTrue(
        lines
            .get(3)
            .matches(
                "time of tree fp32, times that of prompt alone fp32: goal <= 1.6, [0-9.,]+,"
                    + " (not )?reached"),
        lines.get(3));
  }

  @Test
  void refusesSizesThatCannotBe() {
    assertEquals(2, run("bench", "train", "--width", "30", "--rank", "15", "--no-memory"));
    assertEquals(
        """
        ilora: 2 mistakes:
          --width: 30 is not a multiple of 2 * --heads, 16
          --rank: 15 is not a multiple of --experts, 4
        """,
        err.toString());
    assertEquals(2, run("bench", "score", "--dtype", "fp8"));
    assertEquals("ilora: --dtype: expected fp32, bf16 or both, got fp8\n", err.toString());
    assertEquals(2, run("bench", "generate", "--repetitions", "0"));
    assertEquals("ilora: --repetitions: expected at least 1, got 0\n", err.toString());
    assertEquals(2, run("bench", "recommend", "--threads", "-1"));
    assertEquals("ilora: --threads: expected at least 1, got -1\n", err.toString());
    assertEquals(2, run("bench", "import", "--ratings", "0"));
    assertEquals("ilora: --ratings: expected at least 1, got 0\n", err.toString());
    assertEquals(2, run("bench", "import", "--heap", "much"));
    assertEquals("ilora: --heap: expected a size such as 2g, got much\n", err.toString());
    assertEquals(3, run("bench", "report", "none.json", "--out", "x.md"));
    assertEquals("ilora: none.json: no such file\n", err.toString());
  }
}
