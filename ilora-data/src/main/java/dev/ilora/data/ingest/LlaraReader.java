package dev.ilora.data.ingest;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.data.CaseFiles;
import dev.ilora.data.Item;
import dev.ilora.data.Part;
import dev.ilora.data.Times;
import dev.ilora.data.UserSequence;
import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.Slice;
import dev.ilora.files.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Splits in the form of the LLaRA papers, and sequences that are not split yet. Where {@code
 * users.jsonl} is present ({@code user}, {@code split}, {@code items}, and maybe {@code ratings}
 * and {@code ts} or {@code first_tag_date}), it is read alone: it holds the full sequences; those
 * not split yet have no {@code split}. Elsewhere each row of {@code train*.jsonl}, {@code
 * valid.jsonl} and {@code test.jsonl} becomes a user of its own, its history followed by its next
 * item, which is its only target. Order, core and rating filters do not apply: sequences and split
 * are taken as given.
 */
final class LlaraReader {
  private final InteractionLog log;
  private final Map<String, Map<String, String>> users = new LinkedHashMap<>();
  private final Map<String, Long> lines = new HashMap<>();
  private final int itemCount;
  private final boolean split;

  private LlaraReader(int itemCount, boolean split, boolean ratings, boolean times) {
    this.itemCount = itemCount;
    this.split = split;
    this.log = new InteractionLog(ratings, times);
  }

  /**
   * @param split whether every user must say the part it is in
   */
  static RawData read(Path folder, boolean split) throws IOException {
    ItemTable catalogue = new ItemTable();
    for (Item item : CaseFiles.readItems(folder.resolve("items.tsv"))) {
      catalogue.add(item.key(), item.title(), item.attributes(), 0);
    }
    Path usersFile = folder.resolve("users.jsonl");
    LlaraReader reader;
    if (Files.isRegularFile(usersFile)) {
      JsonNode first = first(usersFile);
      boolean times = first.has("ts") || first.has("first_tag_date");
      reader =
          new LlaraReader(
              catalogue.size(), split || first.has("split"), first.has("ratings"), times);
      eachLine(usersFile, reader::user);
    } else {
      reader = new LlaraReader(catalogue.size(), true, false, false);
      for (Part part : Part.values()) {
        reader.rows(folder, part);
      }
    }
    return new RawData(
        catalogue, reader.log, reader.users, reader.notes(catalogue), Optional.empty());
  }

  private Map<String, String> notes(ItemTable catalogue) {
    Map<String, String> notes = catalogue.notes();
    log.lookAlikes().ifPresent(remark -> notes.put("look_alike_users", remark));
    return notes;
  }

  private void rows(Path folder, Part part) throws IOException {
    List<Path> files = TableFiles.matching(folder, part.fileName() + "*.jsonl");
    if (files.size() != 1) {
      throw new BadInputException(
          folder, "expected one file " + part.fileName() + "*.jsonl, found " + files.size());
    }
    eachLine(files.getFirst(), (node, line) -> row(part, node, line));
  }

  private void row(Part part, JsonNode node, long line) {
    String user = part.fileName() + "-" + (line - 1);
    users.put(
        user,
        Map.of(
            UserSequence.SPLIT, part.fileName(), UserSequence.TARGETS, UserSequence.LAST_TARGET));
    int[] history = JsonFields.integers(node, "history");
    int id = log.userId(Slice.of(user));
    for (int item : history) {
      log.add(id, checked(item), 0, 0);
    }
    log.add(id, checked(JsonFields.integer(node, "next")), 0, 0);
  }

  private void user(JsonNode node, long line) {
    String user = JsonFields.key(node, "user");
    Long first = lines.putIfAbsent(user, line);
    if (first != null) {
      throw new IllegalArgumentException(
          "user '%s' is given twice, first in line %s".formatted(user, first));
    }
    users.put(user, split ? part(node) : Map.of());
    int[] items = JsonFields.integers(node, "items");
    int[] ratings = log.hasRatings() ? JsonFields.integers(node, "ratings") : new int[items.length];
    long[] times = log.hasTimes() ? times(node) : new long[items.length];
    if (ratings.length != items.length || times.length != items.length) {
      throw new IllegalArgumentException(
          "user %s has %s, %s and %s"
              .formatted(
                  user,
                  Counted.of(items.length, "item"),
                  Counted.of(ratings.length, "rating"),
                  Counted.of(times.length, "time")));
    }
    int id = log.userId(Slice.of(user));
    for (int p = 0; p < items.length; p++) {
      log.add(id, checked(items[p]), ratings[p], times[p]);
    }
  }

  private static Map<String, String> part(JsonNode node) {
    String part = JsonFields.key(node, "split");
    if (!List.of("train", "valid", "test").contains(part)) {
      throw new IllegalArgumentException("split must be train, valid or test, not '" + part + "'");
    }
    return Map.of(UserSequence.SPLIT, part);
  }

  private static long[] times(JsonNode node) {
    boolean seconds = node.has("ts");
    long[] values = JsonFields.longs(node, seconds ? "ts" : "first_tag_date");
    long[] times = new long[values.length];
    for (int p = 0; p < times.length; p++) {
      times[p] = Times.SECOND * (seconds ? values[p] : date(values[p]));
    }
    return times;
  }

  private static long date(long digits) {
    try {
      return LocalDate.of((int) (digits / 10000), (int) (digits / 100 % 100), (int) (digits % 100))
          .atStartOfDay(ZoneOffset.UTC)
          .toEpochSecond();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a date: " + digits);
    }
  }

  private int checked(int item) {
    if (item < 0 || item >= itemCount) {
      throw new IllegalArgumentException(
          "item %s is outside 0 .. %s".formatted(item, itemCount - 1));
    }
    return item;
  }

  private static JsonNode first(Path file) throws IOException {
    try (JsonSource source = new JsonSource(file)) {
      if (!source.next()) {
        throw new BadInputException(file, "empty file");
      }
      return source.node();
    }
  }

  private static void eachLine(Path file, JsonSource.Handler handler) throws IOException {
    try (JsonSource source = new JsonSource(file)) {
      source.eachLine(handler);
    }
  }
}
