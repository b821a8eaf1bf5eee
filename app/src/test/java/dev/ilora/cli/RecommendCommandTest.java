package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.AdapterFolder;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.recommender.Popularity;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecommendCommandTest extends RunsCommands {
  @TempDir private Path folder;

  /** Popularity of five items, and the words that ask it. */
  private List<String> ask(String history) throws IOException {
    Path items = folder.resolve("items.tsv");
    Files.writeString(
        items, "id\ttitle\n0\tAlien\n1\tAliens\n2\tHeat\n3\tReds; Blues\n4\tThe Matrix\n");
    Path model = Files.createDirectories(folder.resolve("popularity"));
    try (var popularity = new Popularity(new int[] {4, 3, 2, 2, 1})) {
      popularity.save(model, Map.of());
    }
    return new ArrayList<>(
        List.of("recommend", model.toString(), "--items", items.toString(), "--titles", history));
  }

  private static String[] with(List<String> words, String... more) {
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void ranksAllItemsOutsideTheHistory() throws IOException {
    assertEquals(0, run(with(ask("alien; the matrix;"), "--top", "2")), err::toString);
    assertEquals(
        List.of(
            "Popularity among 3 candidates: rank, key, title, count, share",
            "   1  1    Aliens      3.0000   42.9 %",
            "   2  2    Heat        2.0000   28.6 %"),
        out.toString().lines().toList());
  }

  @Test
  void ranksTheCandidatesGivenEachOnce() throws IOException {
    String[] words =
        with(ask("Aliens"), "--candidates", "Heat; Reds; Blues; HEAT; Aliens", "--json");
    assertEquals(0, run(words), err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals(2, result.get("candidates").asInt());
    JsonNode choices = result.get("recommendations");
    assertEquals("Heat", choices.get(0).get("title").asString());
    assertEquals("Reds; Blues", choices.get(1).get("title").asString());
    assertEquals(0.5, choices.get(1).get("share").asDouble());
    assertFalse(result.has("expertWeights"));
  }

  @Test
  void unknownTitlesAreNamedTogetherWithTheNearest() throws IOException {
    assertEquals(
        """
        ilora: 3 mistakes:
          --titles: no item has the title 'Alein'; did you mean 'Alien'?
          --titles: no item has the title 'Zzz'
          --candidates: no item has the title 'Matrix'; did you mean 'The Matrix'?\
        """,
        error(2, with(ask("Alein; Heat; Zzz"), "--candidates", "Heat; Matrix")));
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    assertEquals(
        "ilora: --titles is empty; expected at least one item", error(2, with(ask(" ; "))));
    assertEquals(
        "ilora: --candidates is empty; expected at least one item",
        error(2, with(ask("Heat"), "--candidates", ";")));
    assertEquals(
        "ilora: nothing to rank: every candidate is in the history or excluded",
        error(2, with(ask("Heat"), "--candidates", "Heat")));
    assertEquals(
        "ilora: --top must be at least 1, not 0", error(2, with(ask("Heat"), "--top", "0")));
    List<String> words = ask("Heat");
    assertEquals(
        "ilora: "
            + words.get(1)
            + " is a recommender, which knows no titles: name them with --items PATH",
        error(2, "recommend", words.get(1), "--titles", "Heat"));
    assertEquals(
        "ilora: "
            + folder
            + ": is neither a model folder (no model.json) nor a run (no recipe.yaml) nor a"
            + " recommender (no recommender.safetensors)",
        error(3, "recommend", folder.toString(), "--titles", "Heat"));
    Files.writeString(folder.resolve("items.tsv"), "id\ttitle\n0\tHeat\n");
    assertEquals(
        "ilora: " + words.get(3) + ": has 1 item, but the Popularity knows 5",
        error(3, words.toArray(String[]::new)));
  }

  @Test
  void asksATrainedLanguageModelAndEvaluatesItByEveryProtocol() throws IOException {
    Dataset world = DemoWorld.generate(1);
    Path data = folder.resolve("world");
    DatasetFolder.write(world, data);
    String guide = folder.resolve("sasrec").toString();
    assertEquals(
        0,
        run("recommender", "train", "demo", "--model", "sasrec", "--epochs", "1", "--out", guide),
        err::toString);
    Path recipe = folder.resolve("tiny.yaml");
    Files.writeString(
        recipe,
        """
        method: ilora
        prompt: {embeddings: slot}
        adapter: {experts: 2, rank: 2, targets: [q-proj]}
        rows: {testRows: 6, validRows: 3, candidates: 4}
        training: {steps: 1, batch: 2}
        """);
    Path runs = folder.resolve("runs");
    int trained =
        run(
            "train",
            recipe.toString(),
            "data=" + data,
            "recommender.path=" + guide,
            "--out",
            runs.toString());
    assertEquals(0, trained, err::toString);
    String model = runs.resolve("ilora-seed1").toString();
    String history = String.join("; ", world.titles().subList(0, 3));

    assertEquals(0, run("recommend", model, "--titles", history, "--json"), err::toString);
    JsonNode all = JsonMapper.shared().readTree(out.toString());
    assertEquals("iLoRA", all.get("model").asString());
    assertEquals("SASRec", all.get("shortlistedBy").asString());
    assertEquals(4, all.get("recommendations").size());
    assertEquals(2, all.get("expertWeights").size());
    double shares = 0;
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode choice : all.get("recommendations")) {
      shares += choice.get("share").asDouble();
      assertTrue(choice.get("score").asDouble() <= before, out::toString);
      before = choice.get("score").asDouble();
      assertFalse(history.contains(choice.get("title").asString()), out::toString);
    }
    assertEquals(1, shares, 1e-9);

    String offered = world.titles().get(7) + ";" + world.titles().get(9);
    assertEquals(
        0, run("recommend", model, "--titles", history, "--candidates", offered), err::toString);
    List<String> lines = out.toString().lines().toList();
    assertEquals(
        "iLoRA among 2 candidates: rank, key, title, log-likelihood, share", lines.getFirst());
    assertTrue(
        lines
            .getLast()
            .startsWith(
                "Weights that the gate gives the experts (low-rank adapters) for this history: 0."),
        out::toString);

    Path adapter = folder.resolve("one-user");
    String user = world.users().getFirst().user();
    List<String> export =
        List.of("export", model, "--as", "lora", "--user", user, "--data", data.toString());
    String[] words =
        Stream.concat(export.stream(), Stream.of("--out", adapter.toString()))
            .toArray(String[]::new);
    assertEquals(0, run(words), err::toString);
    assertTrue(out.toString().startsWith("Wrote a LoRA adapter of rank "), out::toString);
    assertEquals(1, AdapterFolder.readConfig(adapter).experts());
    assertEquals(3, run(words));
    assertTrue(err.toString().contains("exists already"), err::toString);

    Path merged = folder.resolve("merged");
    words[words.length - 1] = merged.toString();
    words[3] = "merged";
    assertEquals(0, run(words), err::toString);
    assertTrue(out.toString().startsWith("Wrote a language model with the adapter"), out::toString);
    Path gguf = folder.resolve("merged.gguf");
    assertEquals(
        0,
        run("model", "convert", merged.toString(), "--out", gguf.toString(), "--type", "f32"),
        err::toString);
    assertEquals(0, run("model", "describe", gguf.toString()), err::toString);

    assertEquals(0, run("eval", model), err::toString);
    assertTrue(
        out.toString().startsWith("iLoRA (seed 1), likelihood, on 6 cases of "), out::toString);
    String outcomes = Files.readString(runs.resolve("ilora-seed1/outcomes.jsonl"));
    assertEquals(0, run("eval", model, "--protocol", "constrained", "--json"), err::toString);
    JsonNode constrained = JsonMapper.shared().readTree(out.toString());
    assertEquals("constrained", constrained.get("protocol").asString());
    assertEquals(2, constrained.get("intervals").get("hr@1").size());
    assertFalse(constrained.get("metrics").has("hr@5"), out::toString);
    assertTrue(Files.exists(runs.resolve("ilora-seed1/outcomes-constrained.jsonl")));
    assertEquals(outcomes, Files.readString(runs.resolve("ilora-seed1/outcomes.jsonl")));

    evaluatesOnStoredRows(world, model);
  }

  private void evaluatesOnStoredRows(Dataset world, String model) throws IOException {
    StringBuilder items = new StringBuilder("id\ttitle\n");
    world.items().forEach(item -> items.append(item.id() + "\t" + item.title() + "\n"));
    Path itemsFile = Files.writeString(folder.resolve("items.tsv"), items);
    Path rows =
        Files.writeString(folder.resolve("rows.jsonl"), "{\"history\": [1, 2, 3], \"next\": 4}\n");
    Path candidates =
        Files.writeString(
            folder.resolve("candidates.jsonl"),
            "{\"row\": 0, \"target\": 4, \"candidates\": [9, 4, 5]}\n");
    String[] words = {
      "eval",
      model,
      "--items",
      itemsFile.toString(),
      "--rows",
      rows.toString(),
      "--candidates",
      candidates.toString(),
      "--json"
    };
    assertEquals(0, run(words), err::toString);
    JsonNode stored = JsonMapper.shared().readTree(out.toString());
    assertEquals(1, stored.get("cases").asInt());
    assertTrue(stored.get("candidates3").get("mrr").asDouble() > 0, out::toString);
    assertFalse(stored.has("fullCatalogue"));

    Files.writeString(itemsFile, items.toString().replace("\n1\t", "\n1\tNot "));
    String title = world.titles().get(1);
    assertEquals(
        "ilora: %s:3: item 1 is 'Not %s' here, but '%s' in the run's data"
            .formatted(itemsFile, title, title),
        error(3, words));
  }
}
