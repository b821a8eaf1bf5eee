package dev.ilora.data.records;

import dev.ilora.BadInputException;
import dev.ilora.data.TextForm;
import dev.ilora.files.JsonFields;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes a file of one JSON object a line apart. The columns are the names that occur in any line;
 * what a line lacks, or has as null, is an empty cell. The values of a list are joined by {@code
 * |}.
 */
final class JsonLineRecords implements RecordStream.Parser {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final List<String> columns;
  private final TextLines lines;

  JsonLineRecords(Path file, TextForm form) throws IOException {
    this.file = file;
    Set<String> names = new LinkedHashSet<>();
    try (TextLines first = open(file, form)) {
      for (JsonNode node = next(first); node != null; node = next(first)) {
        node.propertyNames().forEach(names::add);
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

  private JsonNode next(TextLines from) throws IOException {
    String text = from.next();
    if (text == null) {
      return null;
    }
    try {
      JsonNode node = JSON.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw new BadInputException(
          file,
          from.line(),
          "not a JSON object (" + e.getOriginalMessage() + "): " + JsonFields.shown(text));
    }
    throw JsonFields.notJson(file, from.line(), text);
  }

  @Override
  public boolean parse(RecordBatch batch) throws IOException {
    JsonNode node = next(lines);
    if (node == null) {
      return false;
    }
    for (String column : columns) {
      String cell = cell(node.path(column));
      batch.addCell(cell, 0, cell.length());
    }
    batch.endRecord(lines.line());
    return true;
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      return value.valueStream().map(JsonLineRecords::cell).collect(Collectors.joining("|"));
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
