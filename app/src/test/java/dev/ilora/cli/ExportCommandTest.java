package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.Folders;
import dev.ilora.files.Hashes;
import dev.ilora.files.SealedFile;
import dev.ilora.recommend.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trained run, exported, moved, and asked without anything it was made from. */
class ExportCommandTest extends RunsCommands {
  private static final int USERS = 30;
  private static final int ITEMS = 24;

  @TempDir Path folder;
  private Path data;
  private Path run;

  @BeforeEach
  void train() throws IOException {
    data = folder.resolve("data");
    DatasetFolder.write(world(), data);
    Path recipe = Files.writeString(folder.resolve("popularity.yaml"), "method: popularity\n");
    Path runs = folder.resolve("runs");
    assertEquals(
        0,
        run(
            "study",
            recipe.toString(),
            "data=" + data,
            "rows.split=leave-one-out",
            "rows.candidates=4",
            "--out",
            runs.toString()),
        err::toString);
    run = runs.resolve("popularity-seed1");
  }

  /** Users who each have some items in a row; two items share a title. */
  private static Dataset world() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      String title = i == 5 || i == 9 ? "Sabrina" : "Film " + i;
      items.add(new Item(i, "key-" + i, title, Map.of()));
    }
    List<UserSequence> users = new ArrayList<>();
    for (int u = 0; u < USERS; u++) {
      int[] chosen = new int[8];
      for (int p = 0; p < chosen.length; p++) {
        chosen[p] = (u + p * (1 + u % 3)) % ITEMS;
      }
      users.add(new UserSequence("user-" + u, chosen, new float[0], new long[0], Map.of()));
    }
    return new Dataset("films", items, users, Map.of());
  }

  private Path exported() throws IOException {
    Path model = folder.resolve("model");
    assertEquals(0, run("export", run.toString(), "--out", model.toString()), err::toString);
    assertTrue(out.toString().contains("Next: ./ilora recommend " + model), out::toString);
    Path moved = Files.createDirectories(folder.resolve("far/away")).resolve("films-model");
    Files.move(model, moved);
    return moved;
  }

  @Test
  void anExportedModelIsAskedWithoutTheRunAndItsData() throws IOException {
    Path model = exported();
    Folders.delete(run.getParent());
    Folders.delete(data);
    assertEquals(
        0,
        run("recommend", model.toString(), "--history", "key-1; key-2", "--top", "3", "--json"),
        err::toString);
    JsonNode result = JsonMapper.shared().readTree(out.toString());
    assertEquals("Popularity", result.get("model").asString());
    assertEquals(ITEMS - 2, result.get("candidates").asInt());
    assertEquals(3, result.get("recommendations").size());
    assertTrue(
        result.get("recommendations").get(0).get("key").asString().startsWith("key-"),
        out::toString);
  }

  @Test
  void wordsThatDoNotGoTogetherAreToldAtOnce() {
    String out = folder.resolve("x").toString();
    assertEquals(2, run("export", run.toString(), "--out", out, "--user", "user-1"));
    assertTrue(
        err.toString().contains("--user, --data, --history and --expert go with --as lora"),
        err::toString);
    assertEquals(
        2,
        run(
            "export",
            run.toString(),
            "--as",
            "lora",
            "--user",
            "u",
            "--expert",
            "1",
            "--out",
            out));
    assertTrue(
        err.toString().contains("give one of --user, --history and --expert, not 2"),
        err::toString);
    assertTrue(err.toString().contains("--user and --data"), err::toString);
    assertEquals(3, run("export", run.toString(), "--as", "lora", "--out", out));
    assertTrue(err.toString().contains("holds no language model's parts"), err::toString);
    assertFalse(Files.exists(Path.of(out)));
  }

  @Test
  void aRunIsAskedWithoutItsData() throws IOException {
    Folders.delete(data);
    assertEquals(
        0,
        run("recommend", run.toString(), "--titles", "Film 1", "--candidates", "Film 2; Film 3"),
        err::toString);
    assertTrue(out.toString().startsWith("Popularity among 2 candidates"), out::toString);
  }

  @Test
  void anAmbiguousTitleIsRefusedWithItsKeysAndFoundByThem() throws IOException {
    Path model = exported();
    assertEquals(
        "ilora: --titles: 2 items have the title 'Sabrina': name one by its key (key-5, key-9)",
        error(2, "recommend", model.toString(), "--titles", "Sabrina"));
    assertEquals(
        0, run("recommend", model.toString(), "--history", "key-5", "--top", "1"), err::toString);
    assertEquals(
        """
        ilora: 2 mistakes:
          --history: no item has the key 'Film 3'
          --history takes keys; these look like titles, which --titles takes\
        """,
        error(2, "recommend", model.toString(), "--history", "Film 3"));
  }

  @Test
  void aUserOfADataSetIsAskedByKeyAndAllUsersAtOnce() throws IOException {
    Path model = exported();
    String[] one = {"recommend", model.toString(), "--data", data.toString(), "--user", "user-7"};
    assertEquals(0, run(one), err::toString);
    one[5] = "user-77";
    assertEquals(
        "ilora: --user: " + data + " has no user 'user-77'; did you mean 'user-17'?",
        error(2, one));
    Path answers = folder.resolve("answers.jsonl");
    String[] all = {
      "recommend",
      model.toString(),
      "--data",
      data.toString(),
      "--all-users",
      "--out",
      answers.toString(),
      "--top",
      "2"
    };
    assertEquals(0, run(all), err::toString);
    assertTrue(out.toString().startsWith("Answered 30 requests in "), out::toString);
    List<String> lines = Files.readAllLines(answers);
    assertEquals(USERS, lines.size());
    assertTrue(lines.getFirst().startsWith("{\"id\":\"user-0\",\"recommendations\":[{\"rank\":1,"));
    assertEquals(
        "ilora: " + answers + ": exists already; choose another file or --force", error(3, all));
    Path requests = Files.writeString(folder.resolve("requests.jsonl"), "{\"history\": []}");
    String own = requests.toString();
    assertEquals(
        "ilora: --out is the file of --requests; choose another",
        error(2, "recommend", model.toString(), "--requests", own, "--out", own, "--force"));
  }

  @Test
  void contradictoryOptionsAreAllNamedAtOnce() throws IOException {
    assertEquals(
        """
        ilora: 3 mistakes:
          give one of --history, --titles, --user, --requests and --all-users, not 2
          --out goes with --requests or --all-users, which need it
          --top must be at least 1, not 0\
        """,
        error(
            2,
            "recommend",
            run.toString(),
            "--history",
            "key-1",
            "--titles",
            "Film 1",
            "--out",
            "x.jsonl",
            "--top",
            "0"));
  }

  @Test
  void anExportReplacesAModelOnlyWhenForced() throws IOException {
    Path model = exported();
    String[] words = {"export", run.toString(), "--out", model.toString()};
    assertEquals(
        "ilora: " + model + ": exists already; choose another folder or --force", error(3, words));
    assertEquals(
        0, run("export", run.toString(), "--out", model.toString(), "--force"), err::toString);
    Path untrained = Files.createDirectories(folder.resolve("empty"));
    assertEquals(3, run("export", untrained.toString(), "--out", model.toString(), "--force"));
    assertTrue(ModelFolder.isOne(model), "a failed export leaves the former model");
    Path other = Files.createDirectories(folder.resolve("films.new"));
    Files.writeString(other.resolve("mine.txt"), "mine");
    assertEquals(
        "ilora: " + other + ": is not a model; --force only replaces models",
        error(3, "export", run.toString(), "--out", other.toString(), "--force"));
    assertEquals("mine", Files.readString(other.resolve("mine.txt")));
  }

  @Test
  void anExportNeverReplacesTheModelOfARun() {
    String own = run.resolve("model").toString();
    assertEquals(
        "ilora: %s: lies in the run %s; choose a folder outside of runs".formatted(own, run),
        error(3, "export", run.toString(), "--out", own, "--force"));
    assertEquals(0, run("export", run.toString(), "--out", folder.resolve("m").toString()));
  }

  @Test
  void aReproducedRunHasTheSameBitsAndADifferenceIsSaid() throws IOException {
    assertEquals(0, run("reproduce", run.toString()), err::toString);
    assertTrue(out.toString().startsWith("The same bits: "), out::toString);
    Path outcomes = run.resolve("outcomes.jsonl");
    String text = Files.readString(outcomes);
    assertTrue(text.contains("\"rank\":1,"), text);
    String hash = Hashes.sha256(outcomes);
    Files.writeString(outcomes, text.replaceFirst("\"rank\":1,", "\"rank\":2,"));
    assertTrue(
        error(3, "reproduce", run.toString(), "--out", folder.resolve("changed").toString())
            .contains("ilora: " + outcomes + ": was changed or cut short"));
    SealedFile.seal(outcomes);
    Path record = run.resolve("run.json");
    SealedFile.write(record, Files.readString(record).replace(hash, Hashes.sha256(outcomes)));
    String again = folder.resolve("again").toString();
    assertEquals(1, run("reproduce", run.toString(), "--out", again));
    assertTrue(out.toString().startsWith("Not the same:\n  case "), out::toString);
    assertFalse(err.toString().contains("--debug"), err::toString);
  }
}
