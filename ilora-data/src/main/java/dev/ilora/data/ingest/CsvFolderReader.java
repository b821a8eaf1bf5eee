package dev.ilora.data.ingest;

import dev.ilora.data.ingest.CsvColumns.Role;
import dev.ilora.data.records.ItemTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** {@code interactions.csv} and {@code items.csv} with a column mapping. */
final class CsvFolderReader {
  private static final String RATING = "rating";
  private static final String TIME = "time";

  private CsvFolderReader() {}

  static RawData read(Path folder, ImportOptions options) throws IOException {
    CsvColumns columns = options.columns();
    ItemTable catalogue = new ItemTable();
    try (CsvTable items = new CsvTable(folder.resolve("items.csv"))) {
      int key = items.column(columns.of(Role.KEY, "item"));
      int title = items.column(columns.of(Role.TITLE, "title"));
      while (items.next()) {
        items.add(catalogue, items.text(key), items.text(title), items.others(key, title));
      }
    }
    try (CsvTable table = new CsvTable(folder.resolve("interactions.csv"))) {
      int user = table.column(columns.of(Role.USER, "user"));
      int item = table.column(columns.of(Role.ITEM, "item"));
      int rating = optional(table, columns, Role.RATING, RATING);
      int time = optional(table, columns, Role.TIME, TIME);
      String ratingName = columns.of(Role.RATING, RATING);
      String timeName = columns.of(Role.TIME, TIME);
      InteractionSink sink = new InteractionSink(catalogue, rating >= 0, time >= 0, options);
      while (table.next()) {
        float value = table.number(rating, ratingName);
        long seconds = table.seconds(time, timeName);
        sink.add(table, table.cell(user), table.cell(item), value, seconds);
      }
      return sink.finish(Map.of());
    }
  }

  private static int optional(CsvTable table, CsvColumns columns, Role role, String usual) {
    return columns.names(role)
        ? table.column(columns.of(role, usual))
        : table.optionalColumn(usual);
  }
}
