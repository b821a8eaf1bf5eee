package dev.ilora.data;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RecBole atomic files, {@code *.inter} and {@code *.item}, tab separated with {@code name:type}
 * headers. Interactions need {@code user_id} and {@code item_id}; {@code rating} and {@code
 * timestamp} are used where present. The title is the first of the usual title columns, or the
 * mapping's.
 */
final class RecBoleReader {
  private static final List<String> TITLES =
      List.of("title", "movie_title", "item_name", "product_name", "app_name", "name");

  private RecBoleReader() {}

  static RawData read(Path folder, ImportOptions options) throws IOException {
    Catalogue catalogue = catalogue(DatasetFormat.find(folder, "*.item"), options);
    Path file = DatasetFormat.find(folder, "*.inter");
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.readAny(reader);
      int user = required(reader, header, "user_id");
      int item = required(reader, header, "item_id");
      int rating = header.indexOf("rating");
      int time = header.indexOf("timestamp");
      InteractionSink sink = new InteractionSink(catalogue, rating >= 0, time >= 0, options);
      while (reader.next()) {
        reader.requireCells(header.size());
        float value = rating < 0 ? 0 : reader.number(reader.cell(rating), "rating");
        long seconds = time < 0 ? 0 : reader.seconds(reader.cell(time), "timestamp");
        reader.add(sink, reader.cell(user), reader.cell(item), value, seconds);
      }
      return sink.finish(Map.of());
    }
  }

  private static Catalogue catalogue(Path file, ImportOptions options) throws IOException {
    Catalogue catalogue = new Catalogue();
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.readAny(reader);
      int key = required(reader, header, "item_id");
      int title = title(file, header, options);
      while (reader.next()) {
        reader.requireCells(header.size());
        List<String> cells = reader.cells();
        Map<String, String> attributes = new LinkedHashMap<>(header.rest(cells, 0));
        attributes.remove("item_id");
        attributes.remove(header.names().get(title));
        reader.add(catalogue, cells.get(key), cells.get(title), attributes);
      }
    }
    return catalogue;
  }

  private static int title(Path file, TypedHeader header, ImportOptions options) {
    int mapped = header.indexOf(options.columns().title());
    if (mapped >= 0) {
      return mapped;
    }
    return TITLES.stream()
        .map(header::indexOf)
        .filter(i -> i >= 0)
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    file,
                    1,
                    "missing a title column, one of %s; found: %s"
                        .formatted(String.join(", ", TITLES), String.join(", ", header.names()))));
  }

  private static int required(LineReader reader, TypedHeader header, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw reader.wrong("missing column '" + name + "'");
    }
    return index;
  }
}
