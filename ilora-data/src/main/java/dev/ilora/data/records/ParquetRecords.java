package dev.ilora.data.records;

import dev.hardwood.Hardwood;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.schema.SchemaNode;
import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Takes a Parquet file apart with Hardwood. Columns are those of the first level; structures and
 * maps among them are left out. Nulls are empty cells, the values of a list are joined by {@code
 * |}, times are ISO texts.
 */
final class ParquetRecords implements RecordStream.Parser {
  // Hardwood 1.0.1 loops for ever over pages whose headers say more bytes than the file has.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final StallWatch watch;
  private final Hardwood hardwood;
  private final ParquetFileReader reader;
  private final RowReader rows;
  private final List<Column> columns = new ArrayList<>();
  private long row;

  /** A column that is read. */
  private record Column(int index, String name, Form form) {}

  /** What a cell of a column is. */
  private enum Form {
    VALUE,
    TRUTH,
    LOCAL_TIME,
    LIST
  }

  ParquetRecords(Path file) throws IOException {
    this(file, PATIENCE);
  }

  /**
   * Opens a file.
   *
   * @param patience how long one row may take
   */
  ParquetRecords(Path file, Duration patience) throws IOException {
    this.file = file;
    this.hardwood = Hardwood.create();
    this.watch = new StallWatch(patience);
    ParquetFileReader opened = null;
    try (StallWatch.Span _ = watch.begin()) {
      opened = hardwood.open(new ChannelInput(file));
      List<SchemaNode> nodes = opened.getFileSchema().getRootNode().children();
      for (int i = 0; i < nodes.size(); i++) {
        addColumn(i, nodes.get(i));
      }
      this.rows = opened.rowReader();
      this.reader = opened;
    } catch (RuntimeException | IOException e) {
      // Hardwood says what is wrong with a file by many types of exceptions.
      try (Hardwood _ = hardwood;
          ParquetFileReader _ = opened;
          StallWatch _ = watch) {
        throw unreadable(e);
      }
    }
  }

  private void addColumn(int index, SchemaNode node) {
    switch (node) {
      case SchemaNode.PrimitiveNode leaf -> {
        boolean local =
            leaf.logicalType() instanceof LogicalType.TimestampType time && !time.isAdjustedToUTC();
        Form form = leaf.type() == PhysicalType.BOOLEAN ? Form.TRUTH : Form.VALUE;
        columns.add(new Column(index, leaf.name(), local ? Form.LOCAL_TIME : form));
      }
      case SchemaNode.GroupNode group when group.isList() ->
          columns.add(new Column(index, group.name(), Form.LIST));
      default -> {}
    }
  }

  List<String> columns() {
    return columns.stream().map(Column::name).toList();
  }

  /** The mistake of each column that holds more than texts and numbers, if it may not. */
  Map<String, BadInputException> structured() {
    Map<String, BadInputException> mistakes = new HashMap<>();
    for (Column column : columns) {
      if (column.form == Form.LIST || column.form == Form.TRUTH) {
        String found =
            (column.form == Form.LIST ? JsonCells.Form.LIST : JsonCells.Form.TRUTH).label;
        mistakes.put(column.name, new BadInputException(file, Table.notPlain(column.name, found)));
      }
    }
    return mistakes;
  }

  private BadInputException unreadable(Exception e) {
    if (watch.stalled()) {
      return new BadInputException(
          file, "cannot be read as Parquet: reading it does not come to an end");
    }
    String reason = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    return new BadInputException(file, "cannot be read as Parquet: " + reason);
  }

  @Override
  public boolean parse(RecordBatch batch) {
    try (StallWatch.Span _ = watch.begin()) {
      if (!rows.hasNext()) {
        return false;
      }
      rows.next();
      for (Column column : columns) {
        String cell = rows.isNull(column.index) ? "" : cell(column);
        batch.addCell(cell, 0, cell.length());
      }
      batch.endRecord(++row);
      return true;
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  private String cell(Column column) {
    return switch (column.form) {
      case LOCAL_TIME -> rows.getLocalTimestamp(column.index).toString();
      case LIST -> list(rows.getList(column.index));
      case VALUE, TRUTH -> text(rows.getValue(column.index));
    };
  }

  private static String list(PqList list) {
    return list.values().stream()
        .filter(Objects::nonNull)
        .map(ParquetRecords::text)
        .collect(Collectors.joining("|"));
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : value.toString();
  }

  @Override
  public void close() throws IOException {
    try (StallWatch _ = watch;
        Hardwood _ = hardwood;
        ParquetFileReader _ = reader;
        RowReader _ = rows) {}
  }
}
