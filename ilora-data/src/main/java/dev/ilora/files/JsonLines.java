package dev.ilora.files;

import dev.ilora.BadInputException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Files of one JSON object a line, written whole or not at all. */
public final class JsonLines {
  private JsonLines() {}

  /**
   * Reads every line that is not blank.
   *
   * @throws BadInputException if the file is missing, not UTF-8, or a line is not a JSON object
   */
  public static List<JsonLine> read(Path file) {
    List<JsonLine> parsed = new ArrayList<>();
    List<String> lines = TextFile.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        parsed.add(JsonLine.parse(file, i + 1L, lines.get(i)));
      }
    }
    return parsed;
  }

  /**
   * A file of one JSON object.
   *
   * @throws BadInputException if it is missing, not UTF-8 or not one JSON object
   */
  public static JsonLine object(Path file) {
    return JsonLine.parse(file, 1, TextFile.read(file));
  }

  /** A record as a JSON object that first names the version of its format. */
  public static ObjectNode withSchema(int schema, Record value) {
    ObjectNode fields = JsonRecords.JSON.valueToTree(value);
    return JsonRecords.JSON.createObjectNode().put(JsonLine.SCHEMA, schema).setAll(fields);
  }

  /** One line of JSON for a map, list, record or plain value. */
  public static String line(Object value) {
    return JsonRecords.JSON.writeValueAsString(value);
  }

  /** JSON over several lines, for files that people open. */
  public static String indented(Object value) {
    return JsonRecords.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /**
   * Writes one line a value, with a seal. The file appears complete under its name or stays as it
   * was.
   *
   * @throws UncheckedIOException if the folder cannot be written or the disk is full
   */
  public static void write(Path file, Iterable<?> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(value -> text.append(line(value)).append('\n'));
    SealedFile.write(file, text);
  }
}
