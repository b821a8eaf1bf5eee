package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadedLinesTest {
  /** A kind of line. */
  public enum Kind {
    FIRST_ONE,
    OTHER
  }

  /** What all lines share. */
  public record Header(String name, Optional<Instant> written) {}

  /** A line. */
  public record Line(
      int number,
      OptionalLong bytes,
      Optional<Kind> kind,
      List<String> words,
      Map<Kind, Double> shares) {
    /** Refuses negative numbers. */
    public Line {
      if (number < 0) {
        throw new IllegalArgumentException("number must be at least 0, not " + number);
      }
    }
  }

  private static final String HEADER = "{\"schema\":3,\"name\":\"n\",\"lines\":1}\n";
  private static final String LINE =
      "{\"number\":1,\"kind\":\"firstOne\",\"words\":[\"a\"],\"shares\":{\"other\":0.5}}\n";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("lines.jsonl");
  }

  private HeadedLines<Header, Line> read() {
    return HeadedLines.read(file(), 3, Header.class, Line.class);
  }

  @Test
  void areWrittenInCamelCaseWithoutWhatIsAbsent() throws Exception {
    Line line =
        new Line(
            1,
            OptionalLong.empty(),
            Optional.of(Kind.FIRST_ONE),
            List.of("a"),
            Map.of(Kind.OTHER, 0.5));
    HeadedLines<Header, Line> lines =
        new HeadedLines<>(new Header("n", Optional.empty()), List.of(line));
    lines.write(file(), 3);
    assertEquals(HEADER + LINE, Files.readString(file()));
    assertEquals(lines, read());
  }

  @Test
  void otherVersionsAreRefusedByNumber() throws Exception {
    assertRefused(
        ":1: schema is 2, written by an earlier version of ilora; this version reads 3",
        HEADER.replace("3", "2") + LINE);
    assertRefused(
        ":1: schema is 4, written by a later version of ilora; this version reads 3",
        HEADER.replace("3", "4") + LINE);
  }

  @Test
  void missingUnknownAndMistypedFieldsAreRefusedByName() throws Exception {
    assertRefused(": holds 2 lines, its header says 1", HEADER + LINE + LINE);
    assertRefused(
        ":1: field 'name' is missing, expected a text",
        HEADER.replace("\"name\":\"n\",", "") + LINE);
    assertRefused(":1: unknown field 'size'", HEADER.replace("\"name", "\"size\":1,\"name") + LINE);
    assertLineRefused("field 'number' is missing, expected a whole number", "\"number\":1,", "");
    assertLineRefused(
        "field 'number' is 1.5, expected a whole number", "\"number\":1", "\"number\":1.5");
    assertLineRefused(
        "field 'number' is \"1\", expected a whole number", "\"number\":1", "\"number\":\"1\"");
    assertLineRefused("field 'words[0]' is 4, expected a text", "[\"a\"]", "[4]");
    assertLineRefused("field 'words' is null, expected a list", "[\"a\"]", "null");
    assertLineRefused(
        "field 'kind' is \"none\", expected one of firstOne, other", "firstOne", "none");
    assertLineRefused("field 'kind' is 0, expected one of firstOne, other", "\"firstOne\"", "0");
    assertLineRefused("field 'shares.other' is \"much\", expected a number", "0.5", "\"much\"");
    assertLineRefused("number must be at least 0, not -1", "\"number\":1", "\"number\":-1");
  }

  private void assertLineRefused(String message, String before, String after) throws Exception {
    assertRefused(":2: " + message, HEADER + LINE.replace(before, after));
  }

  private void assertRefused(String message, String content) throws Exception {
    Files.writeString(file(), content);
    assertEquals(file() + message, assertThrows(BadInputException.class, this::read).getMessage());
  }
}
