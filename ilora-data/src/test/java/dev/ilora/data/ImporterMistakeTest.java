package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.data.ingest.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad line in a log of several batches is named with its own number, wherever it stands. */
class ImporterMistakeTest {
  private static final int LINES = 20_000;

  private static final String NOT_A_NUMBER =
      "column 'rating': 'bad' is not a number; expected one such as 4 or 3.5; --columns rating="
          + " leaves the column out";

  @TempDir Path folder;

  private static List<String> lines(String header, String line) {
    List<String> lines = new ArrayList<>(Collections.nCopies(LINES, line));
    lines.set(0, header);
    return lines;
  }

  private void write(String name, List<String> lines) throws IOException {
    Files.write(folder.resolve(name), lines);
  }

  private String mistake() {
    return assertThrows(BadInputException.class, () -> Importer.read(folder))
        .getMessage()
        .replace(folder + "/", "");
  }

  @Test
  void namesTheLineOfABadRowInCsv() throws IOException {
    write("items.csv", List.of("item,title", "a,Alpha"));
    for (int at : new int[] {1, 8190, 8191, 8192, 8193, 16_383, 16_384, LINES - 1}) {
      List<String> lines = lines("user,item,rating,time", "u,a,3.5,7");
      lines.set(at, "u,a,bad,7");
      write("interactions.csv", lines);
      String place = "interactions.csv:" + (at + 1) + ": ";
      assertEquals(place + NOT_A_NUMBER, mistake());
      lines.set(at, "u,a,3.5");
      write("interactions.csv", lines);
      assertEquals(place + "expected 4 cells, found 3: u,a,3.5", mistake());
      lines.set(at, "u,z,3.5,7");
      write("interactions.csv", lines);
      assertEquals(
          place + "unknown item 'z'; expected one of the item file, or --drop-unknown", mistake());
    }
  }

  @Test
  void countsTheLinesOfCellsWithLineEndsAndEmptyLines() throws IOException {
    write("items.csv", List.of("item,title", "a,Alpha"));
    List<String> lines = lines("user,item,rating,time", "u,a,3.5,7");
    lines.set(100, "u,a,4,\"\n7\n\"");
    lines.set(9000, "");
    lines.set(15_000, "u,a,4,noon");
    write("interactions.csv", lines);
    assertEquals(
        "interactions.csv:15003: column 'time': 'noon' is not a time; expected seconds since 1970"
            + " (or milliseconds, microseconds, nanoseconds), 2024-03-18, 2024-03-18 20:37:00,"
            + " 2024-03-18T20:37:00Z or 18.03.2024; --columns time= leaves the column out",
        mistake());
  }

  @Test
  void namesTheFirstMistakeThoughTheFileCannotBeReadFurtherOn() throws IOException {
    write("items.csv", List.of("item,title", "a,Alpha"));
    List<String> lines = lines("user,item,rating,time", "u,a,3.5,7");
    lines.set(12_000, "u,a,3.5,7\"");
    lines.set(12_001, "\"u,a,3.5,7");
    write("interactions.csv", lines);
    String open = mistake();
    lines.set(11_999, "u,a,bad,7");
    write("interactions.csv", lines);
    String time =
        "interactions.csv:12001: column 'time': '7\"' is not a time; expected seconds since 1970"
            + " (or milliseconds, microseconds, nanoseconds), 2024-03-18, 2024-03-18 20:37:00,"
            + " 2024-03-18T20:37:00Z or 18.03.2024; --columns time= leaves the column out";
    String quote = "interactions.csv:12002: a quote opens here and is never closed";
    assertEquals("2 mistakes:\n  " + time + "\n  " + quote, open);
    assertEquals(
        "3 mistakes:\n  interactions.csv:12000: %s\n  %s\n  %s"
            .formatted(NOT_A_NUMBER, time, quote),
        mistake());
  }

  @Test
  void namesTheLineOfABadRowInAtomicFiles() throws IOException {
    write("x.item", List.of("item_id:token\ttitle:token_seq", "a\tAlpha"));
    for (int at : new int[] {1, 8191, 8192, 8193, LINES - 1}) {
      List<String> lines = lines("user_id:token\titem_id:token\trating:float", "u\ta\t3.5");
      lines.set(at, "u\ta\tbad");
      write("x.inter", lines);
      assertEquals("x.inter:" + (at + 1) + ": " + NOT_A_NUMBER, mistake());
    }
  }

  @Test
  void namesTheLineAtWhichCsvCannotBeTakenApart() throws IOException {
    write("items.csv", List.of("item,title", "a,Alpha"));
    List<String> lines = lines("user,item", "u,a");
    lines.set(9000, "u,\"" + "a".repeat(1 << 24));
    write("interactions.csv", lines);
    assertEquals("interactions.csv:9001: a quote opens here and is never closed", mistake());
  }
}
