package dev.ilora.data.ingest;

import dev.ilora.data.DatasetFormat;
import dev.ilora.data.ingest.CsvColumns.Role;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.LineReader;
import dev.ilora.data.records.TypedHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RecBole atomic files, {@code *.inter} and {@code *.item}, tab separated with {@code name:type}
 * headers. Interactions need {@code user_id} and {@code item_id}; {@code rating} and {@code
 * timestamp} are used where present; the title is the first of the usual title columns. A mapping
 * may name others, which must then be there.
 */
final class RecBoleReader {
  private static final List<String> TITLES =
      List.of("title", "movie_title", "item_name", "product_name", "app_name", "name");

  private RecBoleReader() {}

  static RawData read(Path folder, ImportOptions options) throws IOException {
    ItemTable catalogue = catalogue(DatasetFormat.find(folder, "*.item"), options);
    Path file = DatasetFormat.find(folder, "*.inter");
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.readAny(reader);
      CsvColumns columns = options.columns();
      int user = required(reader, header, columns.of(Role.USER, "user_id"));
      int item = required(reader, header, columns.of(Role.ITEM, "item_id"));
      int rating = optional(reader, header, columns, Role.RATING, "rating");
      int time = optional(reader, header, columns, Role.TIME, "timestamp");
      InteractionSink sink = new InteractionSink(catalogue, rating >= 0, time >= 0, options);
      while (reader.next()) {
        reader.requireCells(header.size());
        float value =
            rating < 0 ? 0 : reader.number(reader.cell(rating), header.names().get(rating));
        long seconds = time < 0 ? 0 : reader.seconds(reader.cell(time), header.names().get(time));
        sink.add(reader, reader.cell(user), reader.cell(item), value, seconds);
      }
      return sink.finish(Map.of());
    }
  }

  private static ItemTable catalogue(Path file, ImportOptions options) throws IOException {
    ItemTable catalogue = new ItemTable();
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.readAny(reader);
      CsvColumns columns = options.columns();
      int key = required(reader, header, columns.of(Role.KEY, "item_id"));
      int title = title(reader, header, columns);
      while (reader.next()) {
        reader.requireCells(header.size());
        List<String> cells = reader.cells();
        Map<String, String> attributes = new LinkedHashMap<>(header.rest(cells, 0));
        attributes.remove(header.names().get(key));
        attributes.remove(header.names().get(title));
        reader.add(catalogue, cells.get(key), cells.get(title), attributes);
      }
    }
    return catalogue;
  }

  private static int title(LineReader reader, TypedHeader header, CsvColumns columns) {
    if (columns.names(Role.TITLE)) {
      return required(reader, header, columns.named().get(Role.TITLE));
    }
    return TITLES.stream()
        .map(header::indexOf)
        .filter(i -> i >= 0)
        .findFirst()
        .orElseThrow(
            () -> reader.wrong("missing a title column, one of " + String.join(", ", TITLES)));
  }

  private static int optional(
      LineReader reader, TypedHeader header, CsvColumns columns, Role role, String usual) {
    return columns.names(role)
        ? required(reader, header, columns.of(role, usual))
        : header.indexOf(usual);
  }

  private static int required(LineReader reader, TypedHeader header, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw reader.wrong("missing column '" + name + "'");
    }
    return index;
  }
}
