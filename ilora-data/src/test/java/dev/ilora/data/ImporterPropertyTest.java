package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import dev.ilora.files.Hashes;
import dev.ilora.testing.Seeds;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random logs in MovieLens' CSV form against an import that is slow and obvious. */
class ImporterPropertyTest {
  private static final List<String> KEYS =
      List.of("1", "01", "001", "10", "a", "A", "ü", "c,d", "q\"q", "\uD83D\uDE00", "1234567890");
  private static final List<String> RATINGS =
      List.of("3.5", "4", "5.0", "0.5", ".5", "2.", "1e0", " 3", "0.1", "1234567.8");
  // A column has one form of times: as written, and in seconds.
  private static final List<Map<String, String>> TIMES =
      List.of(
          Map.of("1", "1", "2", "2", "1e1", "10", "9.9", "9.9", " 7", "7", "-3", "-3", "9", "9"),
          Map.of("1970-01-02", "86400", "1970-01-01 00:00:05", "5", "1970/1/1 00:00:05.25", "5.25"),
          Map.of("1970-01-01T01:00+01:00", "0", "1970-01-01T00:00:05Z", "5"),
          Map.of("1700000000123", "1700000000.123", "1700000000000", "1700000000"));

  @TempDir Path folder;

  /** One line as written and what it means. */
  private record Rating(String user, String item, String rating, String time, String seconds) {
    float value() {
      return Float.parseFloat(rating);
    }

    BigDecimal moment() {
      return new BigDecimal(seconds);
    }
  }

  @Test
  void readsAndWritesWhatTheSlowImportDoes() {
    Seeds.each(75, seed -> compare(seed, 1 + new Random(seed).nextInt(60)));
  }

  @Test
  void readsAndWritesLogsOfManyBatches() throws IOException {
    compare(1000, 70_000);
  }

  private void compare(long seed, int count) throws IOException {
    Random random = new Random(seed);
    List<String> items = items(random);
    List<Rating> log = log(random, items, count);
    write(random, items, log);
    ImportOptions options = options(random);
    Dataset dataset = Importer.read(folder, DatasetFormat.MOVIELENS_CSV, options);
    List<Rating> kept = log.stream().filter(r -> r.value() >= options.minRating()).toList();
    String expected = table(slowImport(kept, items, options));
    Path target = folder.resolve("out");
    String hash = DatasetFolder.write(dataset, target);
    assertEquals(expected, text(target, "inter"));
    String all = text(target, "item") + text(target, "user") + expected;
    assertEquals(Hashes.sha256(all.getBytes(StandardCharsets.UTF_8)), hash);
    assertSame(dataset, DatasetFolder.read(target));
    assertEquals(hash, DatasetFolder.hash(dataset));
  }

  private static List<String> items(Random random) {
    return random.ints(0, KEYS.size()).distinct().limit(KEYS.size()).mapToObj(KEYS::get).toList();
  }

  private static List<Rating> log(Random random, List<String> items, int count) {
    List<Rating> log = new ArrayList<>();
    Map<String, String> times = TIMES.get(random.nextInt(TIMES.size()));
    List<String> written = times.keySet().stream().sorted().toList();
    for (int i = 0; i < count; i++) {
      boolean sameUser = i > 0 && random.nextInt(3) > 0;
      String user = sameUser ? log.get(i - 1).user() : KEYS.get(random.nextInt(KEYS.size()));
      String item = items.get(random.nextInt(items.size()));
      String rating = i == 0 ? "5.0" : RATINGS.get(random.nextInt(RATINGS.size()));
      String time = written.get(random.nextInt(written.size()));
      log.add(new Rating(user, item, rating, time, times.get(time)));
    }
    return log;
  }

  private void write(Random random, List<String> items, List<Rating> log) throws IOException {
    String end = random.nextBoolean() ? "\r\n" : "\n";
    String movies =
        items.stream()
            .map(i -> cells(random, i, "Title, of \"" + i + "\" (1999)", "Drama|War"))
            .collect(Collectors.joining(end, "movieId,title,genres" + end, ""));
    Files.writeString(folder.resolve("movies.csv"), movies + end);
    String ratings =
        log.stream()
            .map(r -> cells(random, r.user(), r.item(), r.rating(), r.time()))
            .collect(Collectors.joining(end, "userId,movieId,rating,timestamp" + end, ""));
    String last = random.nextBoolean() ? end : "";
    Files.writeString(folder.resolve("ratings.csv"), ratings + last);
  }

  private static String cells(Random random, String... cells) {
    List<String> written = new ArrayList<>();
    for (String cell : cells) {
      boolean quoted = cell.contains(",") || cell.contains("\"") || random.nextInt(8) == 0;
      written.add(quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }
    return String.join(",", written);
  }

  private static ImportOptions options(Random random) {
    ImportOptions.Order[] orders = ImportOptions.Order.values();
    ImportOptions.Order order = orders[random.nextInt(orders.length)];
    ImportOptions options = new ImportOptions().withName("log").with(order).withMidnights(true);
    if (order == ImportOptions.Order.TIME) {
      options =
          options.with(random.nextBoolean() ? ImportOptions.Ties.ITEM : ImportOptions.Ties.FILE);
    }
    return random.nextBoolean() ? options : options.withMinRating(2);
  }

  private static Map<String, List<Rating>> slowImport(
      List<Rating> kept, List<String> items, ImportOptions options) {
    Map<String, List<Rating>> users = new LinkedHashMap<>();
    kept.forEach(r -> users.computeIfAbsent(r.user(), u -> new ArrayList<>()).add(r));
    Comparator<Rating> byItem = Comparator.comparingInt(r -> items.indexOf(r.item()));
    Comparator<Rating> byTime = Comparator.comparing(Rating::moment);
    boolean ties = options.ties() == ImportOptions.Ties.ITEM;
    for (List<Rating> sequence : users.values()) {
      switch (options.order()) {
        case FILE -> {}
        case ITEM -> sequence.sort(byItem);
        case TIME -> sequence.sort(ties ? byTime.thenComparing(byItem) : byTime);
      }
    }
    return users;
  }

  private static String table(Map<String, List<Rating>> users) {
    StringBuilder text = new StringBuilder();
    text.append("user_id:token\titem_id:token\trating:float\ttimestamp:float\n");
    users
        .values()
        .forEach(
            sequence ->
                sequence.forEach(
                    r ->
                        text.append(r.user())
                            .append('\t')
                            .append(r.item())
                            .append('\t')
                            .append(Float.toString(r.value()).replaceFirst("\\.0$", ""))
                            .append('\t')
                            .append(r.seconds())
                            .append('\n')));
    return text.toString();
  }

  private static String text(Path target, String suffix) throws IOException {
    return Files.readString(target.resolve("log." + suffix));
  }

  private static void assertSame(Dataset expected, Dataset actual) {
    assertEquals(expected.items(), actual.items());
    assertEquals(expected.users().size(), actual.users().size());
    for (int u = 0; u < expected.users().size(); u++) {
      UserSequence sequence = expected.users().get(u);
      UserSequence again = actual.users().get(u);
      assertEquals(sequence.user(), again.user());
      assertArrayEquals(sequence.items(), again.items());
      assertArrayEquals(sequence.ratings(), again.ratings());
      assertArrayEquals(sequence.times(), again.times());
    }
  }
}
