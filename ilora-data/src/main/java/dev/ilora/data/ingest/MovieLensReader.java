package dev.ilora.data.ingest;

import dev.ilora.data.MovieTitles;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.LineReader;
import dev.ilora.data.records.RecordSource;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    ItemTable catalogue = new ItemTable();
    Path file = folder.resolve("u.item");
    try (LineReader reader = new LineReader(file, StandardCharsets.ISO_8859_1, "|")) {
      while (reader.next()) {
        reader.requireCells(FLAGS_FROM + GENRES.size());
        List<String> cells = reader.cells();
        List<String> genres = new ArrayList<>();
        for (int g = 0; g < GENRES.size(); g++) {
          if (cells.get(FLAGS_FROM + g).strip().equals("1")) {
            genres.add(GENRES.get(g));
          }
        }
        add(reader, catalogue, cells.get(0), cells.get(1), String.join("|", genres), options);
      }
    }
    return ratings(folder.resolve("u.data"), StandardCharsets.US_ASCII, "\t", catalogue, options);
  }

  static RawData read1M(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = new ItemTable();
    Path file = folder.resolve("movies.dat");
    try (LineReader reader = new LineReader(file, StandardCharsets.ISO_8859_1, "::")) {
      while (reader.next()) {
        reader.requireCells(3);
        List<String> cells = reader.cells();
        add(reader, catalogue, cells.get(0), cells.get(1), cells.get(2), options);
      }
    }
    Path ratings = folder.resolve("ratings.dat");
    return ratings(ratings, StandardCharsets.US_ASCII, "::", catalogue, options);
  }

  static RawData readCsv(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = new ItemTable();
    try (CsvTable movies = new CsvTable(folder.resolve("movies.csv"))) {
      int key = movies.column("movieId");
      int title = movies.column("title");
      int genres = movies.column("genres");
      while (movies.next()) {
        add(movies, catalogue, movies.text(key), movies.text(title), movies.text(genres), options);
      }
    }
    try (CsvTable ratings = new CsvTable(folder.resolve("ratings.csv"))) {
      int user = ratings.column("userId");
      int item = ratings.column("movieId");
      int rating = ratings.column("rating");
      int time = ratings.column("timestamp");
      InteractionSink sink = new InteractionSink(catalogue, true, true, options);
      while (ratings.next()) {
        sink.add(
            ratings,
            ratings.cell(user),
            ratings.cell(item),
            ratings.number(rating, "rating"),
            ratings.seconds(time, "timestamp"));
      }
      return sink.finish(Map.of());
    }
  }

  private static RawData ratings(
      Path file, Charset charset, String delimiter, ItemTable catalogue, ImportOptions options)
      throws IOException {
    InteractionSink sink = new InteractionSink(catalogue, true, true, options);
    try (LineReader reader = new LineReader(file, charset, delimiter)) {
      while (reader.next()) {
        reader.requireCells(4);
        sink.add(
            reader,
            reader.cell(0),
            reader.cell(1),
            reader.number(reader.cell(2), "rating"),
            reader.seconds(reader.cell(3), "timestamp"));
      }
    }
    return sink.finish(Map.of());
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
