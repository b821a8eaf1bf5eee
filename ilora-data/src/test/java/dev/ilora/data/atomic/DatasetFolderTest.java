package dev.ilora.data.atomic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.testing.RandomDatasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFolderTest {
  @TempDir Path folder;

  private final Dataset dataset =
      new Dataset(
          "small",
          List.of(
              new Item(0, "b", "Béta: one", Map.of("genre", "x|y")),
              new Item(1, "a", "Alpha", Map.of("year", "1999"))),
          List.of(
              new UserSequence(
                  "z",
                  new int[] {1, 0, 1},
                  new float[] {3.5f, 4, 5},
                  new long[] {9, 9, 9},
                  Map.of("split", "test")),
              new UserSequence("y", new int[0], new float[0], new long[0])),
          Map.of("source", "made up: yes"));

  @Test
  void survives() throws IOException {
    String hash = DatasetFolder.write(dataset, folder);
    Dataset again = DatasetFolder.read(folder);
    assertEquals(hash, DatasetFolder.hash(again));
    assertEquals(dataset.items(), again.items());
    assertEquals(dataset.provenance(), again.provenance());
    assertArrayEquals(new int[] {1, 0, 1}, again.users().get(0).items());
    assertArrayEquals(new float[] {3.5f, 4, 5}, again.users().get(0).ratings());
    assertArrayEquals(new long[] {9, 9, 9}, again.users().get(0).times());
    assertEquals(Map.of("split", "test"), again.users().get(0).attributes());
    assertEquals("y", again.users().get(1).user());
    assertEquals(0, again.users().get(1).length());
  }

  @Test
  void worldsSurvive() throws IOException {
    for (long seed = 0; seed < 5; seed++) {
      Dataset random = RandomDatasets.random(seed, 30, 20, seed % 2 == 0);
      DatasetFolder.write(random, folder);
      assertEquals(DatasetFolder.hash(random), DatasetFolder.hash(DatasetFolder.read(folder)));
    }
  }

  @Test
  void namesTheLineOfAKeyThatCannotBeOne() throws IOException {
    DatasetFolder.write(dataset, folder);
    for (String table : List.of("user", "item")) {
      Path file = folder.resolve("small." + table);
      String text = Files.readString(file);
      String cells = "\t".repeat(text.lines().findFirst().orElseThrow().split("\t").length - 2);
      String title = table.equals("item") ? "\tTitle" + cells : "\t" + cells;
      Files.writeString(file, text + "\u0001k" + title + "\n");
      String start =
          "/small.%s:%s: the key of %s '\uFFFDk' has the character U+0001"
              .formatted(table, text.lines().count() + 1, table);
      assertEquals(start, mistake().split(";")[0]);
      Files.writeString(file, text);
    }
  }

  @Test
  void refusesAChangedOrBrokenFolder() throws IOException {
    assertEquals(
        "not a dataset folder: no dataset.yaml; make one with 'ilora data import'", mistake());
    DatasetFolder.write(dataset, folder);
    Path inter = folder.resolve("small.inter");
    String text = Files.readString(inter);
    Files.writeString(inter, text.replace("3.5", "3"));
    assertEquals(
        "/small.inter: was changed or cut short since it was written", mistake().split(": its")[0]);
    Files.writeString(inter, text.replace("z\tb", "z\tc"));
    assertEquals("/small.inter:3: unknown item c", mistake());
    Files.writeString(inter, text.replace("z\tb", "x\tb"));
    assertEquals("/small.inter:3: unknown user x", mistake());
    Files.writeString(inter, text.replace("z\tb\t4", "z\tb\tfour"));
    assertEquals(
        "/small.inter:3: column 'rating': 'four' is not a number; expected one such as 4 or 3.5",
        mistake());
    Files.delete(inter);
    assertEquals("missing small.inter", mistake());
    Files.writeString(folder.resolve("dataset.yaml"), "name: [");
    assertEquals("/dataset.yaml: not YAML", mistake().split(": ")[0] + ": not YAML");
    Files.writeString(folder.resolve("dataset.yaml"), "title: x");
    assertEquals("/dataset.yaml: field 'name' is missing; expected a text", mistake());
    DatasetFolder.write(dataset, folder.resolve("again"));
    String yaml = Files.readString(folder.resolve("again/dataset.yaml"));
    for (String field : List.of("name", "hash")) {
      Files.writeString(
          folder.resolve("dataset.yaml"),
          yaml.replaceAll("(?m)^" + field + ": .*", field + ": [1, 2]"));
      assertEquals("/dataset.yaml: field '" + field + "' is [1,2]; expected a text", mistake());
    }
  }

  private String mistake() {
    String message =
        assertThrows(BadInputException.class, () -> DatasetFolder.read(folder)).getMessage();
    return message.replace(folder + ": ", "").replace(folder.toString(), "");
  }

  /** A name that no file can have fails when the first file is written. */
  @Test
  void aDatasetIsReplacedWholeOrNotAtAll() throws IOException {
    Path target = folder.resolve("data");
    DatasetFolder.write(dataset, target);
    Dataset unwritable =
        new Dataset("x".repeat(300), dataset.items(), dataset.users(), dataset.provenance());
    assertThrows(UncheckedIOException.class, () -> DatasetFolder.write(unwritable, target));
    assertEquals(DatasetFolder.hash(dataset), DatasetFolder.hash(DatasetFolder.read(target)));
    Dataset other = RandomDatasets.random(3, 30, 20, true);
    DatasetFolder.write(other, target);
    assertEquals(DatasetFolder.hash(other), DatasetFolder.hash(DatasetFolder.read(target)));
    assertFalse(Files.exists(target.resolve(dataset.name() + ".inter")));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("data"), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void nothingElseIsReplacedAndADatasetOnlyIfAsked() throws IOException {
    Path target = folder.resolve("data");
    DatasetFolder.write(dataset, target);
    assertEquals(
        target + ": is a data set already; choose another folder, or --force to replace it",
        refusal(target, false));
    Files.writeString(target.resolve("notes.txt"), "mine");
    assertEquals(
        target + ": also holds notes.txt, which would be lost; choose another folder",
        refusal(target, true));
    Path notes = Files.createDirectories(folder.resolve("notes"));
    Files.writeString(notes.resolve("a.txt"), "mine");
    assertEquals(
        notes + ": exists already and is no data set; choose another", refusal(notes, true));
    assertEquals("mine", Files.readString(notes.resolve("a.txt")));
  }

  private String refusal(Path target, boolean replace) {
    return assertThrows(
            BadInputException.class, () -> DatasetFolder.write(dataset, target, replace))
        .getMessage();
  }

  @Test
  void aBitThatFlipsAnywhereIsReportedWithItsFile() throws IOException {
    DatasetFolder.write(dataset, folder);
    Random random = new Random(5);
    for (String name : List.of("small.inter", "small.item", "small.user", "dataset.yaml")) {
      Path file = folder.resolve(name);
      byte[] before = Files.readAllBytes(file);
      for (int i = 0; i < 40; i++) {
        byte[] flipped = before.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(7));
        Files.write(file, flipped);
        try {
          String read = DatasetFolder.hash(DatasetFolder.read(folder));
          assertEquals(DatasetFolder.hash(dataset), read);
          assertFalse(name.equals("dataset.yaml"), "a changed dataset.yaml was taken");
        } catch (BadInputException e) {
          assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
        }
      }
      Files.write(file, before);
    }
  }

  @Test
  void datasetsAreChecked() {
    assertEquals("item at index 0 has id 1", refusal(List.of(new Item(1, "a", "A", Map.of())), 0));
    Item item = new Item(0, "a", "A", Map.of());
    assertEquals(
        "item key a is given twice", refusal(List.of(item, new Item(1, "a", "B", Map.of())), 0));
    assertEquals("user u has item 1, outside 0 .. 0", refusal(List.of(item), 1));
    assertEquals(
        "item a has a blank title",
        assertThrows(IllegalArgumentException.class, () -> new Item(0, "a", " ", Map.of()))
            .getMessage());
    assertEquals(
        "user u has 2 items but 1 ratings",
        assertThrows(
                IllegalArgumentException.class,
                () -> new UserSequence("u", new int[2], new float[1], new long[0]))
            .getMessage());
  }

  private static String refusal(List<Item> items, int chosen) {
    UserSequence user = new UserSequence("u", new int[] {chosen}, new float[0], new long[0]);
    return assertThrows(
            IllegalArgumentException.class, () -> new Dataset("d", items, List.of(user), Map.of()))
        .getMessage();
  }
}
