package dev.ilora.files;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of one JSON object a line whose first line names its {@code schema} and the number of its
 * {@code rows}, which the other lines are.
 *
 * @param header the first line
 * @param rows the other lines
 */
public record HeadedLines(JsonLine header, List<JsonLine> rows) {
  /**
   * Reads a whole file.
   *
   * @param schema the only version read
   * @throws BadInputException if it is missing, empty, of another schema or cut short
   */
  public static HeadedLines read(Path file, int schema) {
    List<JsonLine> lines = JsonLines.read(file);
    if (lines.isEmpty()) {
      throw new BadInputException(file, "is empty, expected a header line and one line a row");
    }
    JsonLine header = lines.getFirst();
    int found = header.integer("schema");
    if (found != schema) {
      throw header.mistake("schema is " + found + ", this version reads " + schema);
    }
    List<JsonLine> rows = lines.subList(1, lines.size());
    if (rows.size() != header.integer("rows")) {
      throw new BadInputException(
          file, "holds " + rows.size() + " rows, its header says " + header.integer("rows"));
    }
    return new HeadedLines(header, rows);
  }
}
