package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseFilesTest {
  @TempDir Path folder;

  @Test
  void readsItemsWithTheCleanTitle() throws IOException {
    List<Item> items =
        items("id\ttitle\ttitle_fixed\ttitle_raw\tgenre\n0\tA bad\tA good\tA (1990)\tx\n");
    assertEquals("A good", items.get(0).title());
    assertEquals(Map.of("year", "1990", "genre", "x"), items.get(0).attributes());
  }

  @Test
  void keywordsStandForTitlesWithTheirSpacesCollapsed() throws IOException {
    List<Item> items =
        items("id\tasin\tkeywords_not_title\n0\t7806397051\tshadow ou lage  profession   cam\n");
    assertEquals("shadow ou lage profession cam", items.get(0).title());
    assertEquals("7806397051", items.get(0).key());
    assertEquals(Map.of(), items.get(0).attributes());
    assertEquals(
        "2: item 0 has no asin", itemsMistake("id\tasin\tkeywords_not_title\n0\t \tcam\n"));
    assertEquals(
        "2: item 0 has no title", itemsMistake("id\tasin\tkeywords_not_title\n0\tB0\t  \n"));
  }

  @Test
  void refusesBadItems() {
    assertEquals("1: missing column 'title'; found: id, name", itemsMistake("id\tname\n0\tA\n"));
    assertEquals("2: expected 2 cells, found 1: 0", itemsMistake("id\ttitle\n0\n"));
    assertEquals("3: expected id 1, found 2", itemsMistake("id\ttitle\n0\tA\n2\tB\n"));
    assertEquals("2: item 0 has no title", itemsMistake("id\ttitle\n0\t \n"));
    assertEquals("no items", itemsMistake("id\ttitle\n"));
  }

  @Test
  void refusesBytesThatAreNoUtf8NamingTheFile() throws IOException {
    Path file = folder.resolve("latin1.tsv");
    Files.write(file, "id\ttitle\n0\tCaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        file + ":2: byte 0xE9 at position 14 of the file is not UTF-8 text",
        assertThrows(BadInputException.class, () -> CaseFiles.readItems(file)).getMessage());
  }

  @Test
  void readsTheLatestHistoryAndSkipsShortOnes() throws IOException {
    List<Case> rows =
        rows("{\"history\":[1],\"next\":2}\n{\"user\":7,\"history\":[1,2,3,4],\"next\":0}\n", 3, 2);
    assertEquals(1, rows.size());
    assertEquals(1, rows.get(0).index());
    assertEquals("7", rows.get(0).user());
    assertArrayEquals(new int[] {2, 3, 4}, rows.get(0).history());
  }

  @Test
  void refusesBadRows() {
    assertEquals(
        "no rows with at least 3 history items", rowsMistake("{\"history\":[1],\"next\":2}\n"));
    assertEquals("1: item 9 is outside 0 .. 4", rowsMistake("{\"history\":[9],\"next\":2}\n"));
    assertEquals("1: field 'history' is missing: {\"next\":2}", rowsMistake("{\"next\":2}\n"));
    assertEquals(
        "1: field 'history' must be an integer, not 1.5",
        rowsMistake("{\"history\":[1.5],\"next\":2}\n"));
    assertEquals("1: not a JSON object: nonsense", rowsMistake("nonsense\n"));
  }

  private List<Item> items(String text) throws IOException {
    return CaseFiles.readItems(Files.writeString(folder.resolve("items.tsv"), text));
  }

  private List<Case> rows(String text, int length, int minHistory) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text);
    return CaseFiles.readRows(file, 5, length, minHistory);
  }

  private String itemsMistake(String text) {
    return cut(assertThrows(BadInputException.class, () -> items(text)));
  }

  private String rowsMistake(String text) {
    return cut(assertThrows(BadInputException.class, () -> rows(text, 10, 3)));
  }

  private static String cut(BadInputException e) {
    return e.getMessage().replaceFirst("^.*\\.(tsv|jsonl): ?", "");
  }
}
