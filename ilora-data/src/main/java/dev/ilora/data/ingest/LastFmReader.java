package dev.ilora.data.ingest;

import dev.ilora.data.Item;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.LineReader;
import dev.ilora.data.records.Slice;
import dev.ilora.data.records.TimeColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * HetRec 2011 LastFM: who tagged which artist when. An interaction is a user's first tag of an
 * artist; its time is the date of that tag at 0:00 UTC. Under {@link ImportOptions.Order#ITEM} the
 * time is that of the pair's first line in the file, which is what the papers' split of users was
 * made with.
 *
 * <p>Where {@code tags.dat} is present, an artist's three most given tags are attribute {@link
 * Item#TAGS}.
 */
final class LastFmReader {
  private static final int TAGS_KEPT = 3;

  private LastFmReader() {}

  static RawData read(Path folder, ImportOptions options) throws IOException {
    TagLog tags = new TagLog(options.order() != ImportOptions.Order.ITEM);
    Path file = folder.resolve("user_taggedartists.dat");
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      reader.requireHeader("userID", "artistID", "tagID", "day", "month", "year");
      TimeColumn times = new TimeColumn("date", Optional.empty());
      reader.each(
          () -> {
            reader.requireCells(6);
            List<String> cells = reader.cells();
            tags.add(cells.get(0), cells.get(1), cells.get(2), date(reader, cells));
          });
      ItemTable catalogue = artists(folder, tags, options);
      InteractionSink sink = new InteractionSink(catalogue, false, Optional.of(times), options);
      tags.first.forEach(
          (pair, day) ->
              sink.add(
                  reader,
                  Slice.of(pair.user),
                  Slice.of(pair.artist),
                  0,
                  times.read(reader, Slice.of(day.toString()))));
      return sink.finish(reader);
    }
  }

  private static ItemTable artists(Path folder, TagLog tags, ImportOptions options)
      throws IOException {
    Map<String, String> names = tagNames(folder.resolve("tags.dat"));
    ItemTable catalogue = options.newCatalogue();
    Path file = folder.resolve("artists.dat");
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      reader.requireHeader("id", "name", "url", "pictureURL");
      reader.each(
          () -> {
            reader.requireCells(4);
            List<String> cells = reader.cells();
            String top = tags.top(cells.get(0), names);
            Map<String, String> attributes = top.isEmpty() ? Map.of() : Map.of(Item.TAGS, top);
            reader.add(catalogue, cells.get(0), cells.get(1), attributes);
          });
    }
    return catalogue;
  }

  private static Map<String, String> tagNames(Path file) throws IOException {
    Map<String, String> names = new HashMap<>();
    if (Files.isRegularFile(file)) {
      try (LineReader reader = new LineReader(file, StandardCharsets.ISO_8859_1, "\t")) {
        reader.requireHeader("tagID", "tagValue");
        reader.each(
            () -> {
              reader.requireCells(2);
              List<String> cells = reader.cells();
              names.put(cells.get(0), cells.get(1).strip());
            });
      }
    }
    return names;
  }

  private static LocalDate date(LineReader reader, List<String> cells) {
    String text = "%s-%s-%s".formatted(cells.get(5), cells.get(4), cells.get(3));
    try {
      return LocalDate.of(
          Integer.parseInt(cells.get(5).strip()),
          Integer.parseInt(cells.get(4)),
          Integer.parseInt(cells.get(3)));
    } catch (NumberFormatException | DateTimeException e) {
      throw reader.wrong("'%s' is not a date; expected year, month and day".formatted(text));
    }
  }

  private record Pair(String user, String artist) {}

  /** First tags by pair, in file order, and how often artists got each tag. */
  private static final class TagLog {
    private final boolean earliest;
    private final Map<Pair, LocalDate> first = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> byArtist = new HashMap<>();

    TagLog(boolean earliest) {
      this.earliest = earliest;
    }

    void add(String user, String artist, String tag, LocalDate day) {
      first.merge(new Pair(user, artist), day, (a, b) -> earliest && b.isBefore(a) ? b : a);
      byArtist.computeIfAbsent(artist, a -> new LinkedHashMap<>()).merge(tag, 1, Integer::sum);
    }

    String top(String artist, Map<String, String> names) {
      return byArtist.getOrDefault(artist, Map.of()).entrySet().stream()
          .filter(e -> names.containsKey(e.getKey()))
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .limit(TAGS_KEPT)
          .map(e -> names.get(e.getKey()))
          .collect(Collectors.joining("|"));
    }
  }
}
