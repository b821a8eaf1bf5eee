package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.MissingTitles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What looks wrong and is none of our business to settle is counted and said, or refused whole. */
class OddImportTest {
  private static final ImportOptions ONCE = new ImportOptions().withDuplicatesDropped(true);

  @TempDir Path path;
  private RawFolder folder;

  @BeforeEach
  void open() {
    folder = new RawFolder(path);
  }

  private static String note(Dataset dataset, String name) {
    return dataset.provenance().get(name);
  }

  @Test
  void itemsGivenTwiceAreAllNamedWithTheirFirstLine() throws IOException {
    folder.write("interactions.csv", "user,item", "u,a");
    List<String> lines = new ArrayList<>(List.of("item,title"));
    for (String key : "a b c d e f g h i j k l m a b c d e f g h i j k l m".split(" ")) {
      lines.add(key + "," + key.toUpperCase(Locale.ROOT));
    }
    folder.write("items.csv", lines.toArray(String[]::new));
    String help = "; --drop-duplicates keeps the first one";
    assertEquals(
        "13 mistakes:\n  items.csv:15: item 'a' is given twice, first in line 2%s".formatted(help)
            + "\n  items.csv:16: item 'b' is given twice, first in line 3%s".formatted(help)
            + "\n  items.csv:17: item 'c' is given twice, first in line 4%s".formatted(help)
            + "\n  10 more like that of line 17, up to line 27",
        folder.mistake());
  }

  @Test
  void keysGivenTwiceInItemsTsvAreAllNamed() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id\tasin\ttitle"));
    for (int i = 0; i < 23; i++) {
      lines.add("%s\tA%s\tTitle".formatted(i, i % 2));
    }
    folder.write("items.tsv", lines.toArray(String[]::new));
    folder.write("users.jsonl", "{\"user\":\"u\",\"items\":[0]}");
    String said = folder.mistake();
    assertTrue(said.startsWith("21 mistakes:\n  items.tsv:4: item 'A0' is given twice"), said);
    assertTrue(said.contains("items.tsv:5: item 'A1' is given twice, first in line 3\n"), said);
    assertTrue(said.endsWith("\n  1 more"), said);
  }

  @Test
  void theFirstOfAnItemGivenTwiceStandsWhereThatIsAskedFor() throws IOException {
    String[] jsonLines = {
      "{\"item\":\"a\",\"title\":\"Alpha\"}",
      "{\"item\":\"b\",\"title\":\"\"}",
      "{\"item\":\"a\",\"title\":\"Other\"}",
      "{\"item\":\"a\",\"title\":\" Alpha\"}",
      "{\"item\":\"b\",\"title\":\"Beta\"}"
    };
    folder.write("items.jsonl", jsonLines).write("interactions.csv", "user,item", "u,a");
    Dataset dataset = folder.read(ONCE.with(MissingTitles.DROP));
    assertEquals(List.of("Alpha"), dataset.titles());
    assertEquals("3", note(dataset, "dropped_duplicate_items"));
    assertEquals("1", note(dataset, "dropped_untitled_items"));
    assertEquals(
        "1 line has another title than the first one of their item, which stands; the first:"
            + " 'Other' (line 3) for item a, whose title is 'Alpha'",
        note(dataset, "other_titles"));
  }

  @Test
  void titlesWithControlCharactersAreCounted() throws IOException {
    folder
        .write("items.csv", "item,title", "a,\" Alpha \n\"", "b,Be\u0007ta", "c,\"C\nD\"")
        .write("interactions.csv", "user,item", "u,a");
    Dataset dataset = folder.read();
    assertEquals(List.of("Alpha", "Be ta", "C D"), dataset.titles());
    String said =
        " had control characters or line breaks, which are spaces now; the first: that of item ";
    assertEquals("2 titles" + said + "b", note(dataset, "spaced_titles"));
    folder.write("items.tsv", "id\ttitle", "0\tA", "1\tB\u0007C");
    folder.write("users.jsonl", "{\"user\":\"u\",\"items\":[0]}");
    assertEquals("1 title" + said + "1", note(folder.read(), "spaced_titles"));
  }

  @Test
  void aCommentInThePlaceOfTheHeaderIsExplained() throws IOException {
    String help = "; a line that begins with # is no comment here: take it out";
    folder.write("log.csv", "# exported 2024", "user,item", "u,a");
    assertEquals(
        "DIR: no file has columns for users and items; found: log.csv (# exported 2024%s); name them"
                .formatted(help)
            + " with --columns user=COLUMN,item=COLUMN",
        folder.mistake());
    folder.write("interactions.csv", "# exported 2024", "user,item", "u,a");
    assertTrue(folder.mistake().endsWith("item=COLUMN" + help), folder.mistake());
    Files.delete(path.resolve("interactions.csv"));
    folder.write("interactions.jsonl", "# exported 2024", "{\"user\":1,\"item\":2}");
    assertTrue(folder.mistake().endsWith("# exported 2024" + help), folder.mistake());
    folder.write("x.inter", "# exported 2024", "user_id:token\titem_id:token", "u\ta");
    assertEquals(
        "x.inter:1: expected a header of name:type cells, found '# exported 2024'" + help,
        folder.mistake());
  }

  @Test
  void keysThatLookAlikeAreKeptApartAndRemarked() throws IOException {
    String end = " look like another one and are kept apart, such as ";
    folder.write("interactions.csv", "user,item", "u1,\u00E9", "u1\u00A0,a", "\uFEFFu1,e\u0301");
    Dataset dataset = folder.read();
    assertEquals(3, dataset.users().size());
    assertEquals(3, dataset.itemCount());
    assertEquals(
        "3 keys" + end + "'u1\u00A0' and 'u1' (U+00A0 in place of nothing)",
        note(dataset, "look_alike_users"));
    assertEquals(
        "2 keys" + end + "'e\u0301' and '\u00E9' (U+0065 U+0301 in place of U+00E9)",
        note(dataset, "look_alike_items"));
    folder.write("interactions.csv", "user,item", "u\u200B,x\u2003y", "u\u200D,x\u2009y", "v,z");
    dataset = folder.read();
    assertEquals(
        "2 keys" + end + "'u\u200B' and 'u\u200D' (U+200B in place of U+200D)",
        note(dataset, "look_alike_users"));
    assertEquals(
        "2 keys" + end + "'x\u2003y' and 'x\u2009y' (U+2003 in place of U+2009)",
        note(dataset, "look_alike_items"));
  }

  @Test
  void keysThatDifferToTheEyeAreNotRemarked() throws IOException {
    folder.write("interactions.csv", "user,item", "A,\u00E9", "a,e", "b\u00A0,\u00E8", "bc,x y");
    Dataset dataset = folder.read();
    assertNull(note(dataset, "look_alike_users"));
    assertFalse(dataset.provenance().containsKey("look_alike_items"));
  }

  @Test
  void keysOfSequencesThatLookAlikeAreRemarked() throws IOException {
    folder.write("items.tsv", "id\tasin\ttitle", "0\tA\u00A0\tA", "1\tA\tB");
    folder.write(
        "users.jsonl", "{\"user\":\"u\",\"items\":[0]}", "{\"user\":\"u\u00AD\",\"items\":[0]}");
    Dataset dataset = folder.read();
    assertTrue(note(dataset, "look_alike_users").contains("(U+00AD in place of nothing)"));
    assertTrue(note(dataset, "look_alike_items").contains("(U+00A0 in place of nothing)"));
  }
}
