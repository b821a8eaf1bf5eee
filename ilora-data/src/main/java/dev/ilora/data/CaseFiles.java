package dev.ilora.data;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonFields;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows and items stored as plain files: {@code items.tsv} (a header with at least {@code id} and
 * {@code title} or {@code keywords_not_title}, then dense ids in order) and JSONL rows {@code
 * {"user": 7, "history": [..], "next": 3}}, oldest history item first.
 */
public final class CaseFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CaseFiles() {}

  /**
   * Reads {@code items.tsv}. A {@code title_fixed} column, where there is one, is the title; where
   * there is no title at all, {@code keywords_not_title} stands for it. Repeated spaces become one.
   * The year in {@code title_raw} becomes attribute {@code year}; {@code asin} is the item's key;
   * columns of other names become attributes.
   *
   * @throws BadInputException for a missing column, a wrong number of cells, an id out of order, a
   *     blank title, or keys given twice, which are all told at once
   */
  public static List<Item> readItems(Path file) throws IOException {
    List<Item> items = new ArrayList<>();
    KeyLines keys = new KeyLines(file);
    try (BufferedReader reader = TextFile.open(file)) {
      String header = reader.readLine();
      ItemsTable table = ItemsTable.of(file, header == null ? "" : header);
      int line = 1;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isBlank()) {
          items.add(table.item(line, text, items.size()));
          keys.add(items.getLast().key(), line);
        }
      }
    }
    keys.throwDuplicates();
    if (items.isEmpty()) {
      throw new BadInputException(file, "no items");
    }
    return items;
  }

  /**
   * Reads rows, numbered by line from 0. A row without {@code user} is a user of its own, {@code
   * row-N}.
   *
   * @param itemCount ids must be below it
   * @param historyLength longer histories keep their latest items
   * @param minHistory rows with fewer history items are left out; their numbers are not reused
   * @throws BadInputException for a line that is not such a row
   */
  public static List<Case> readRows(Path file, int itemCount, int historyLength, int minHistory)
      throws IOException {
    List<Case> rows = new ArrayList<>();
    try (TextLines lines = new TextLines(TextFile.open(file))) {
      for (String text = lines.next(); text != null; text = lines.next()) {
        rows.add(row(file, (int) lines.line(), text, itemCount, historyLength));
      }
    }
    rows.removeIf(row -> row.history().length < minHistory);
    if (rows.isEmpty()) {
      throw new BadInputException(file, "no rows with at least " + minHistory + " history items");
    }
    return rows;
  }

  private static Case row(Path file, int line, String text, int itemCount, int historyLength) {
    try {
      JsonNode node = JSON.readTree(text);
      int[] history = JsonFields.integers(node, "history");
      int next = JsonFields.integer(node, "next");
      for (int item : history) {
        requireItem(item, itemCount);
      }
      requireItem(next, itemCount);
      int from = Math.max(0, history.length - historyLength);
      int[] latest = Arrays.copyOfRange(history, from, history.length);
      return new Case(line - 1, user(node, line), latest, next);
    } catch (JacksonException e) {
      throw JsonFields.notJson(file, line, text);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, line, e.getMessage());
    }
  }

  private static String user(JsonNode node, int line) {
    return node.has("user") ? JsonFields.key(node, "user") : "row-" + (line - 1);
  }

  private static void requireItem(int item, int itemCount) {
    if (item < 0 || item >= itemCount) {
      throw new IllegalArgumentException(
          "item %s is outside 0 .. %s".formatted(item, itemCount - 1));
    }
  }

  /** Where keys were given first, and those that were given again. */
  private static final class KeyLines {
    private static final int SHOWN = 20;

    private final Path file;
    private final Map<String, Integer> first = new HashMap<>();
    private final List<BadInputException> duplicates = new ArrayList<>();

    KeyLines(Path file) {
      this.file = file;
    }

    void add(String key, int line) {
      Integer earlier = first.putIfAbsent(key, line);
      if (earlier != null) {
        duplicates.add(
            new BadInputException(
                file, line, "item '%s' is given twice, first in line %s".formatted(key, earlier)));
      }
    }

    void throwDuplicates() {
      int count = duplicates.size();
      if (count > 0) {
        List<String> rest = count > SHOWN ? List.of(count - SHOWN + " more") : List.of();
        List<BadInputException> shown = duplicates.subList(0, Math.min(SHOWN, count));
        throw BadInputException.all(shown, count, rest);
      }
    }
  }

  /** The columns of one items file. */
  private record ItemsTable(Path file, List<String> columns, int titleColumn, int keyColumn) {
    private static final List<String> TITLES =
        List.of("title_fixed", "title", "keywords_not_title");

    static ItemsTable of(Path file, String header) {
      List<String> columns = List.of(header.split("\t", -1));
      String title = TITLES.stream().filter(columns::contains).findFirst().orElse("title");
      for (String needed : List.of("id", title)) {
        if (!columns.contains(needed)) {
          throw new BadInputException(
              file, 1, "missing column '" + needed + "'; found: " + String.join(", ", columns));
        }
      }
      int key = columns.contains("asin") ? columns.indexOf("asin") : columns.indexOf("id");
      return new ItemsTable(file, columns, columns.indexOf(title), key);
    }

    Item item(int line, String text, int expectedId) {
      String[] cells = text.split("\t", -1);
      if (cells.length != columns.size()) {
        throw new BadInputException(
            file,
            line,
            "expected %s cells, found %s: %s"
                .formatted(columns.size(), cells.length, JsonFields.shown(text)));
      }
      String id = cells[columns.indexOf("id")];
      if (!id.equals(Integer.toString(expectedId))) {
        throw new BadInputException(file, line, "expected id " + expectedId + ", found " + id);
      }
      String title = cells[titleColumn].strip().replaceAll(" {2,}", " ");
      if (title.isEmpty()) {
        throw new BadInputException(file, line, "item " + id + " has no title");
      }
      String key = cells[keyColumn].strip();
      if (key.isEmpty()) {
        throw new BadInputException(file, line, "item " + id + " has no asin");
      }
      try {
        return new Item(expectedId, key, title, attributes(cells));
      } catch (IllegalArgumentException e) {
        throw new BadInputException(file, line, e.getMessage());
      }
    }

    private Map<String, String> attributes(String[] cells) {
      Map<String, String> attributes = new LinkedHashMap<>();
      for (int c = 0; c < cells.length; c++) {
        String column = columns.get(c);
        if (column.equals("title_raw")) {
          MovieTitles.year(cells[c]).ifPresent(year -> attributes.put("year", year));
        } else if (c != titleColumn && c != keyColumn && isAttribute(column, cells[c])) {
          attributes.put(column, cells[c]);
        }
      }
      return attributes;
    }

    private static boolean isAttribute(String column, String cell) {
      return !column.startsWith("title") && !column.equals("id") && !cell.isBlank();
    }
  }
}
