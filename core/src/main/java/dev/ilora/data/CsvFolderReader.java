package dev.ilora.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** {@code interactions.csv} and {@code items.csv} with a column mapping. */
final class CsvFolderReader {
  private CsvFolderReader() {}

  static RawData read(Path folder, ImportOptions options) throws IOException {
    CsvColumns columns = options.columns();
    Catalogue catalogue = new Catalogue();
    try (CsvTable items = new CsvTable(folder.resolve("items.csv"))) {
      int key = items.column(columns.key());
      int title = items.column(columns.title());
      while (items.next()) {
        items.add(catalogue, items.text(key), items.text(title), items.others(key, title));
      }
    }
    try (CsvTable table = new CsvTable(folder.resolve("interactions.csv"))) {
      int user = table.column(columns.user());
      int item = table.column(columns.item());
      int rating = optional(table, columns.rating(), CsvColumns.DEFAULT.rating());
      int time = optional(table, columns.time(), CsvColumns.DEFAULT.time());
      InteractionSink sink = new InteractionSink(catalogue, rating >= 0, time >= 0, options);
      while (table.next()) {
        float value = table.number(rating, columns.rating());
        long seconds = table.seconds(time, columns.time());
        table.add(sink, table.cell(user), table.cell(item), value, seconds);
      }
      return sink.finish(Map.of());
    }
  }

  /** A column of the usual name may be absent, one that was asked for may not. */
  private static int optional(CsvTable table, String name, String usual) {
    return name.equals(usual) ? table.optionalColumn(name) : table.column(name);
  }
}
