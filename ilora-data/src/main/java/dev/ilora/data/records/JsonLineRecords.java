package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.Printable;
import dev.ilora.data.TextForm;
import dev.ilora.data.records.JsonCells.Cell;
import dev.ilora.files.JsonFields;
import dev.ilora.files.JsonReason;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * Takes a file of one JSON object a line apart. The columns are the names that occur in any line;
 * what a line lacks, or has as null, is an empty cell. The values of a list are joined by {@code
 * |}.
 */
final class JsonLineRecords implements RecordStream.Parser {
  // Jackson's own settings, which nobody can change from outside.
  private final Path file;
  private final List<String> columns;
  private final Map<String, BadInputException> structured = new HashMap<>();
  private final TextLines lines;

  JsonLineRecords(Path file, TextForm form) throws IOException {
    this.file = file;
    Set<String> names = new LinkedHashSet<>();
    try (TextLines first = open(file, form)) {
      for (Map<String, Cell> cells = next(first); cells != null; cells = next(first)) {
        names.addAll(cells.keySet());
        cells.forEach((name, cell) -> note(name, cell, first.line()));
      }
    }
    this.columns = List.copyOf(names);
    this.lines = open(file, form);
  }

  private static TextLines open(Path file, TextForm form) throws IOException {
    return new TextLines(TextFile.open(file, form.encoding(), TextForm.ENCODING_HELP));
  }

  List<String> columns() {
    return columns;
  }

  private void note(String column, Cell cell, long line) {
    if (cell.form() != JsonCells.Form.PLAIN && !structured.containsKey(column)) {
      String value = Printable.text(JsonFields.shown(cell.text()));
      structured.put(
          column,
          new BadInputException(
              file, line, Table.notPlain(column, cell.form().label + " (" + value + ")")));
    }
  }

  /** The mistake of each column that holds more than texts and numbers, if it may not. */
  Map<String, BadInputException> structured() {
    return structured;
  }

  private Map<String, Cell> next(TextLines from) throws IOException {
    String text = from.next();
    if (text == null) {
      return null;
    }
    try {
      Map<String, Cell> cells = JsonCells.of(text);
      if (cells != null) {
        return cells;
      }
    } catch (JacksonException e) {
      String reason = JsonReason.of(e);
      throw new BadInputException(
          file,
          from.line(),
          "not a JSON object (%s): %s%s"
              .formatted(reason, Printable.text(JsonFields.shown(text)), CommentLine.help(text)));
    }
    throw new BadInputException(
        file, from.line(), "not a JSON object: " + JsonFields.shown(text) + listHelp(text));
  }

  private static String listHelp(String text) {
    return text.strip().equals("[") || text.strip().startsWith("[{")
        ? "; expected one object a line, as jq -c '.[]' writes a list"
        : "";
  }

  @Override
  public boolean parse(RecordBatch batch) throws IOException {
    Map<String, Cell> cells = next(lines);
    if (cells == null) {
      return false;
    }
    for (String column : columns) {
      Cell cell = cells.get(column);
      String text = cell == null ? "" : cell.text();
      batch.addCell(text, 0, text.length());
    }
    batch.endRecord(lines.line());
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
