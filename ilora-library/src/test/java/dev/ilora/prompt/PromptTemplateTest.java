package dev.ilora.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.prompt.PromptTemplate.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplateTest {
  @TempDir Path folder;

  private PromptTemplate load(String text) {
    return PromptTemplate.load(file(text));
  }

  private Path file(String text) {
    try {
      return Files.writeString(folder.resolve("template.txt"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void builtInOnesLoad() {
    for (String name : PromptTemplate.NAMES) {
      PromptTemplate template = PromptTemplate.named(name);
      assertEquals(name.endsWith("-short") ? 7 : 5, template.parts().size());
    }
    assertEquals(
        "This user has watched [HistoryHere] in the previous. Please predict the next movie this"
            + " user will watch. The movie title candidates are [CansHere]. Choose only one movie"
            + " from the candidates. The answer is ",
        PromptTemplate.named("movie").frame());
  }

  @Test
  void splitsTheFrameAtItsPlaceholders() {
    assertEquals(
        List.of(
            new Part.Text("Seen:"),
            new Part.History(",", ""),
            new Part.Text(".\nOf"),
            new Part.Candidates(",", ""),
            new Part.Text(" take:")),
        load("# a comment\n\nSeen: [HistoryHere].\\nOf [CansHere] take: \n").parts());
    assertEquals(
        List.of(
            new Part.Text("A user "),
            new Part.User(),
            new Part.Text(" chose"),
            new Part.History(",", " "),
            new Part.Text(" from"),
            new Part.Candidates(",", "")),
        load("A user [UserEmb] chose [HistoryHere] [HistoryEmb] from [CansHere][CansEmb]").parts());
  }

  @Test
  void aListThatStartsALineHasATitleOnEachLine() {
    assertEquals(
        List.of(
            new Part.Text("Seen:\n"),
            new Part.History("\n", ""),
            new Part.Text("\nOf"),
            new Part.Candidates(",", " "),
            new Part.Text(" take:")),
        load("Seen:\\n[HistoryHere]\\nOf [CansHere] [CansEmb] take:").parts());
  }

  @Test
  void refusesMistakesWithTheirLine() {
    String known = "known are [HistoryHere], [CansHere], [HistoryEmb], [CansEmb], [UserEmb]";
    assertRefused("# x\n[HistoryHere] [Cans]", ":2: unknown placeholder [Cans]; " + known);
    assertRefused("[CansHere]", ":1: placeholder [HistoryHere] is missing");
    assertRefused("\n\n[HistoryHere]", ":3: placeholder [CansHere] is missing");
    assertRefused(
        "[HistoryHere] [CansHere] [HistoryHere]", ":1: placeholder [HistoryHere] occurs twice");
    assertRefused(
        "[HistoryHere] [CansEmb] [CansHere]",
        ":1: placeholder [CansEmb] must directly follow [CansHere]");
    assertRefused(
        "[HistoryHere] and [HistoryEmb] [CansHere]",
        ":1: placeholder [HistoryEmb] must directly follow [HistoryHere]");
    assertRefused(
        "[HistoryHere] [CansHere]\nmore",
        ":2: a second frame; the first is on line 1 (write a line break as \\n)");
    assertRefused("# only\n", ": holds no frame: a line with [HistoryHere] and [CansHere]");
  }

  private void assertRefused(String text, String message) {
    Path file = file(text);
    var e = assertThrows(BadInputException.class, () -> PromptTemplate.load(file));
    assertEquals(file + message, e.getMessage());
  }

  @Test
  void refusesFilesThatAreNoText() throws IOException {
    Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 'a', 0});
    var e = assertThrows(BadInputException.class, () -> PromptTemplate.load(file));
    assertEquals(
        file + ":1: byte 0xFF at position 0 of the file is not UTF-8 text", e.getMessage());
    Path missing = folder.resolve("missing.txt");
    e = assertThrows(BadInputException.class, () -> PromptTemplate.load(missing));
    assertEquals(missing + ": no such file", e.getMessage());
  }

  @Test
  void refusesUnknownNames() {
    var e = assertThrows(IllegalArgumentException.class, () -> PromptTemplate.named("film"));
    assertEquals(
        "no template named 'film'; built in are movie, movie-short, artist, artist-short, game,"
            + " game-short, item, item-short",
        e.getMessage());
  }
}
