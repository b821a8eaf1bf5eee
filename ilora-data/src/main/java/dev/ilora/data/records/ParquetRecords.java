package dev.ilora.data.records;

import dev.hardwood.Hardwood;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.schema.SchemaNode;
import dev.ilora.BadInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes a Parquet file apart with Hardwood. Columns are those of the first level; structures and
 * maps among them, and lists of such, are left out. Nulls and NaN are empty cells, the values of a
 * list are joined by {@code |}, times are ISO texts, numbers have no exponent.
 */
final class ParquetRecords implements RecordStream.Parser {
  // Hardwood 1.0.1 loops for ever over pages whose headers say more bytes than the file has.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Set<CompressionCodec> COMPRESSIONS =
      EnumSet.of(
          CompressionCodec.UNCOMPRESSED,
          CompressionCodec.SNAPPY,
          CompressionCodec.GZIP,
          CompressionCodec.ZSTD);

  /** Hardwood's messages begin with the file, as ours do. */
  private static final Pattern PLACE = Pattern.compile("^\\[[^\\]]*\\] ");

  private final Path file;
  private final StallWatch watch;
  private final Hardwood hardwood;
  private final ParquetFileReader reader;
  private final RowReader rows;
  private final List<Column> columns = new ArrayList<>();
  private final Map<String, BadInputException> structured = new ConcurrentHashMap<>();
  private long row;

  /** A column that is read. */
  private record Column(int index, String name, Form form) {}

  /** What a cell of a column is. */
  private enum Form {
    VALUE,
    UNSIGNED,
    BYTES,
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
      requireCompressions(opened.getFileMetaData());
      List<SchemaNode> nodes = opened.getFileSchema().getRootNode().children();
      for (int i = 0; i < nodes.size(); i++) {
        addColumn(i, nodes.get(i));
      }
      this.rows = opened.rowReader();
      this.reader = opened;
    } catch (RuntimeException | IOException e) {
      // Hardwood says what is wrong with a file by many types of exceptions.
      try (StallWatch _ = watch;
          Hardwood _ = hardwood;
          ParquetFileReader _ = opened) {
        watch.hurry();
        throw unreadable(e);
      }
    }
  }

  private static void requireCompressions(FileMetaData metadata) {
    metadata.rowGroups().stream()
        .flatMap(group -> group.columns().stream())
        .map(chunk -> chunk.metaData().codec())
        .filter(codec -> !COMPRESSIONS.contains(codec))
        .findFirst()
        .ifPresent(
            codec -> {
              throw new IllegalArgumentException(
                  "it is compressed with %s; expected snappy, gzip, zstd or none".formatted(codec));
            });
  }

  private void addColumn(int index, SchemaNode node) {
    switch (node) {
      case SchemaNode.PrimitiveNode leaf -> columns.add(new Column(index, leaf.name(), form(leaf)));
      case SchemaNode.GroupNode group
          when group.isList() && group.getListElement() instanceof SchemaNode.PrimitiveNode ->
          columns.add(new Column(index, group.name(), Form.LIST));
      default -> {}
    }
  }

  private static Form form(SchemaNode.PrimitiveNode leaf) {
    return switch (leaf.logicalType()) {
      case LogicalType.TimestampType time when !time.isAdjustedToUTC() -> Form.LOCAL_TIME;
      case LogicalType.IntType number when !number.isSigned() -> Form.UNSIGNED;
      case LogicalType.StringType _ -> Form.BYTES;
      case null, default -> leaf.type() == PhysicalType.BOOLEAN ? Form.TRUTH : Form.VALUE;
    };
  }

  List<String> columns() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * The mistake of each column that holds more than texts and numbers, if it may not. Bytes that
   * are no text are only found while reading: their mistake is there before their record is.
   */
  Map<String, BadInputException> structured() {
    for (Column column : columns) {
      if (column.form == Form.LIST || column.form == Form.TRUTH) {
        String found =
            (column.form == Form.LIST ? JsonCells.Form.LIST : JsonCells.Form.TRUTH).label;
        structured.put(
            column.name, new BadInputException(file, Table.notPlain(column.name, found)));
      }
    }
    return structured;
  }

  private BadInputException unreadable(Exception e) {
    if (watch.stalled()) {
      return new BadInputException(
          file, "cannot be read as Parquet: reading it does not come to an end");
    }
    return new BadInputException(file, "cannot be read as Parquet: " + reason(e));
  }

  /** Hardwood does not check everything it reads: what trips it says nothing of the file. */
  private static String reason(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NullPointerException
          || cause instanceof IndexOutOfBoundsException
          || cause instanceof NegativeArraySizeException
          || cause instanceof ClassCastException) {
        return "it is damaged";
      }
    }
    String said = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    return PLACE.matcher(said).replaceFirst("");
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
      case UNSIGNED -> unsigned(rows.getValue(column.index));
      case BYTES -> utf8(column, rows.getBinary(column.index));
      case VALUE, TRUTH ->
          rows.getValue(column.index) instanceof byte[] bytes
              ? utf8(column, bytes)
              : text(rows.getValue(column.index));
    };
  }

  private static String unsigned(Object value) {
    return value instanceof Long number
        ? Long.toUnsignedString(number)
        : Integer.toUnsignedString(((Number) value).intValue());
  }

  /** Bytes as text. Replacement characters would make one key of several. */
  private String utf8(Column column, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      String found = "bytes that are not UTF-8 (%s)".formatted(HexFormat.of().formatHex(bytes));
      structured.putIfAbsent(
          column.name, new BadInputException(file, row + 1, Table.notPlain(column.name, found)));
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static String list(PqList list) {
    return list.values().stream()
        .filter(Objects::nonNull)
        .map(ParquetRecords::text)
        .collect(Collectors.joining("|"));
  }

  private static String text(Object value) {
    return switch (value) {
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case BigDecimal number -> number.toPlainString();
      case Float number when number.isNaN() -> "";
      case Double number when number.isNaN() -> "";
      case Float number when !number.isInfinite() -> plain(number);
      case Double number when !number.isInfinite() -> plain(number);
      default -> value.toString();
    };
  }

  /** A number of a floating type always has a point, as in the CSV of pandas. */
  private static String plain(Number number) {
    String plain = new BigDecimal(number.toString()).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  @Override
  public void close() throws IOException {
    try (StallWatch _ = watch;
        Hardwood _ = hardwood;
        ParquetFileReader _ = reader;
        RowReader _ = rows) {
      watch.hurry();
    }
  }
}
