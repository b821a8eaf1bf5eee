package dev.ilora.data.ingest;

import static dev.ilora.data.ingest.RawFolder.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON lines: no two keys become one, and what is no text is not read as one. */
class JsonImportTest {
  @TempDir Path path;
  private RawFolder folder;

  @BeforeEach
  void open() {
    folder = new RawFolder(path);
  }

  private void users(String... users) throws IOException {
    folder.write(
        "interactions.jsonl",
        List.of(users).stream()
            .map(user -> "{\"user\":%s,\"item\":\"i\"}".formatted(user))
            .toArray(String[]::new));
  }

  @Test
  void numbersAsKeysAreTheTextThatIsWritten() throws IOException {
    users(
        "0.12345678901234567891",
        "0.12345678901234567892",
        "1e400",
        "1e401",
        "1e3",
        "1000.0",
        "1000");
    assertEquals(
        List.of(
            "0.12345678901234567891: i",
            "0.12345678901234567892: i",
            "1e400: i",
            "1e401: i",
            "1e3: i",
            "1000.0: i",
            "1000: i"),
        sequences(folder.read()));
  }

  @Test
  void halfACharacterIsRefusedInEveryText() throws IOException {
    users("\"?\"", "\"\\ud83d\"");
    String half = " half of a character; expected whole characters";
    assertEquals("interactions.jsonl:2: the key of user has U+D83D," + half, folder.mistake());
    users("\"u\"", "\"\\ud83d\\ude00\"");
    assertEquals(2, folder.read().users().size());
    folder.write("items.jsonl", "{\"item\":\"i\",\"title\":\"a\\ude00\"}");
    assertEquals("items.jsonl:1: the title of item i has U+DE00," + half, folder.mistake());
    folder.write("items.jsonl", "{\"item\":\"i\",\"title\":\"a\",\"tag\":\"\\ude00\"}");
    assertEquals("items.jsonl:1: column 'tag' of item i has U+DE00," + half, folder.mistake());
    folder.write("items.jsonl", "{\"item\":\"i\\ude00\",\"title\":\"a\"}");
    assertTrue(folder.mistake().endsWith("has U+DE00," + half), folder.mistake());
    folder.write("items.jsonl", "{\"item\":\"i\",\"title\":\"a\",\"\\ude00\":\"b\"}");
    assertTrue(folder.mistake().contains("surrogate in property name"), folder.mistake());
  }

  @Test
  void listsObjectsAndBooleansAreNoKeysTitlesOrTimes() throws IOException {
    users("\"u\"", "{\"id\": 1}");
    assertEquals(
        "interactions.jsonl:2: column 'user' holds an object ({\"id\": 1}); expected a text or a"
            + " number",
        folder.mistake());
    users("true");
    assertEquals(
        "interactions.jsonl:1: column 'user' holds true or false (true); expected a text or a"
            + " number",
        folder.mistake());
    folder.write("interactions.jsonl", "{\"user\":\"u\",\"item\":[\"i\"],\"time\":1}");
    assertTrue(folder.mistake().startsWith("interactions.jsonl:1: column 'item' holds a list (i)"));
    folder.write("interactions.jsonl", "{\"user\":\"u\",\"item\":\"i\",\"time\":[1]}");
    assertTrue(folder.mistake().startsWith("interactions.jsonl:1: column 'time' holds a list (1)"));
    users("\"u\"");
    folder.write("items.jsonl", "{\"item\":\"i\",\"title\":{\"en\":\"X\"}}");
    assertTrue(folder.mistake().startsWith("items.jsonl:1: column 'title' holds an object"));
  }

  @Test
  void otherColumnsMayHoldAnything() throws IOException {
    users("\"u\"");
    folder.write(
        "items.jsonl",
        "{\"item\":\"i\",\"title\":12.50,\"a\":[1.50,[true,null]],\"b\":{\"c\":"
            + " [1e3]},\"d\":false}");
    assertEquals(List.of("12.50"), folder.read().titles());
    assertEquals(
        Map.of("a", "1.50|true|", "b", "{\"c\": [1e3]}", "d", "false"),
        folder.read().items().getFirst().attributes());
  }

  @Test
  void whatIsNoJsonIsSaidInWordsOfTheFile() throws IOException {
    users("NaN");
    String said = folder.mistake();
    assertTrue(
        said.startsWith("interactions.jsonl:1: not a JSON object (Non-standard token"), said);
    assertFalse(said.contains("JsonReadFeature"), said);
    users("[".repeat(600) + "]".repeat(600));
    assertFalse(folder.mistake().contains("StreamReadConstraints"), folder.mistake());
    folder.write("interactions.jsonl", "[", "{}", "]");
    assertEquals(
        "interactions.jsonl:1: not a JSON object: [; expected one object a line, as jq -c '.[]'"
            + " writes a list",
        folder.mistake());
    folder.write("interactions.jsonl", "{\"user\":1} {\"user\":2}");
    assertTrue(folder.mistake().startsWith("interactions.jsonl:1: not a JSON object: {"));
  }
}
