package dev.ilora.data.ingest;

import dev.ilora.data.records.Table;
import dev.ilora.data.records.TimeColumn;
import java.util.Map;

/** Columns that look like times and are not used, which is worth a remark. */
final class UnusedTimes {
  private UnusedTimes() {}

  /** The remark on the record read last, if there is one, as a note. */
  static Map<String, String> remark(Table table, ColumnFinder columns, TableReader.LogColumns log) {
    if (columns.isNamed(Columns.Role.TIME)) {
      return Map.of();
    }
    String inPlace = log.time() < 0 ? "" : " in place of '" + table.columns().get(log.time()) + "'";
    for (int column : columns.others()) {
      if (TimeColumn.looksLikeOne(table.text(column).strip())) {
        return Map.of(
            "unused_time",
            "column '%s' of %s looks like a time and is not used; --columns time=%s uses it%s"
                .formatted(
                    table.columns().get(column),
                    table.file().getFileName(),
                    table.columns().get(column),
                    inPlace));
      }
    }
    return Map.of();
  }
}
