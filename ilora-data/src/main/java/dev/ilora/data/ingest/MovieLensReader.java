package dev.ilora.data.ingest;

import dev.ilora.data.MovieTitles;
import dev.ilora.data.ingest.Columns.Role;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.LineReader;
import dev.ilora.data.records.RecordSource;
import dev.ilora.data.records.Table;
import dev.ilora.data.records.TimeColumn;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The MovieLens releases. Attributes: {@code year} and {@code genre}, genres joined by {@code |}.
 */
final class MovieLensReader {
  private static final List<String> GENRES =
      List.of(
          "unknown",
          "Action",
          "Adventure",
          "Animation",
          "Children's",
          "Comedy",
          "Crime",
          "Documentary",
          "Drama",
          "Fantasy",
          "Film-Noir",
          "Horror",
          "Musical",
          "Mystery",
          "Romance",
          "Sci-Fi",
          "Thriller",
          "War",
          "Western");
  private static final int FLAGS_FROM = 5;

  private MovieLensReader() {}

  static RawData read100K(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = options.newCatalogue();
    Path file = folder.resolve("u.item");
    try (LineReader reader = new LineReader(file, StandardCharsets.ISO_8859_1, "|")) {
      reader.each(
          () -> {
            reader.requireCells(FLAGS_FROM + GENRES.size());
            List<String> cells = reader.cells();
            add(reader, catalogue, cells.get(0), cells.get(1), genres(cells), options);
          });
    }
    return ratings(folder.resolve("u.data"), StandardCharsets.US_ASCII, "\t", catalogue, options);
  }

  private static String genres(List<String> cells) {
    return IntStream.range(0, GENRES.size())
        .filter(g -> cells.get(FLAGS_FROM + g).strip().equals("1"))
        .mapToObj(GENRES::get)
        .collect(Collectors.joining("|"));
  }

  static RawData read1M(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = options.newCatalogue();
    Path file = folder.resolve("movies.dat");
    try (LineReader reader = new LineReader(file, StandardCharsets.ISO_8859_1, "::")) {
      reader.each(
          () -> {
            reader.requireCells(3);
            List<String> cells = reader.cells();
            add(reader, catalogue, cells.get(0), cells.get(1), cells.get(2), options);
          });
    }
    Path ratings = folder.resolve("ratings.dat");
    return ratings(ratings, StandardCharsets.US_ASCII, "::", catalogue, options);
  }

  static RawData readCsv(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = options.newCatalogue();
    try (Table movies = Table.open(folder.resolve("movies.csv"), options.text())) {
      ColumnFinder columns = new ColumnFinder(movies, options.columns());
      int key = columns.required(Role.KEY);
      int title = columns.required(Role.TITLE);
      int genres = columns.exact("genres");
      movies.each(
          () -> {
            movies.requireCells();
            String genre = genres < 0 ? "" : movies.text(genres);
            add(movies, catalogue, movies.text(key), movies.text(title), genre, options);
          });
    }
    try (Table ratings = Table.open(folder.resolve("ratings.csv"), options.text())) {
      ColumnFinder columns = new ColumnFinder(ratings, options.columns());
      int user = columns.required(Role.USER);
      int item = columns.required(Role.ITEM);
      int rating = columns.required(Role.RATING);
      int time = columns.required(Role.TIME);
      TimeColumn times = options.newTimes("timestamp", "");
      InteractionSink sink = new InteractionSink(catalogue, true, Optional.of(times), options);
      ratings.each(
          () -> {
            ratings.requireCells();
            sink.add(
                ratings,
                ratings.cell(user),
                ratings.cell(item),
                ratings.number(ratings.cell(rating), "rating"),
                times.read(ratings, ratings.cell(time)));
          });
      return sink.finish(ratings);
    }
  }

  private static RawData ratings(
      Path file, Charset charset, String delimiter, ItemTable catalogue, ImportOptions options)
      throws IOException {
    TimeColumn times = options.newTimes("timestamp", "");
    InteractionSink sink = new InteractionSink(catalogue, true, Optional.of(times), options);
    try (LineReader reader = new LineReader(file, charset, delimiter)) {
      reader.each(
          () -> {
            reader.requireCells(4);
            sink.add(
                reader,
                reader.cell(0),
                reader.cell(1),
                reader.number(reader.cell(2), "rating"),
                times.read(reader, reader.cell(3)));
          });
      return sink.finish(reader);
    }
  }

  private static void add(
      RecordSource source,
      ItemTable catalogue,
      String key,
      String rawTitle,
      String genres,
      ImportOptions options) {
    Map<String, String> attributes = new LinkedHashMap<>();
    MovieTitles.year(rawTitle).ifPresent(year -> attributes.put("year", year));
    boolean known = !genres.isBlank() && !genres.equals("unknown") && !genres.startsWith("(no ");
    if (known) {
      attributes.put("genre", genres.strip());
    }
    source.add(catalogue, key, options.titles().of(rawTitle), attributes);
  }
}
