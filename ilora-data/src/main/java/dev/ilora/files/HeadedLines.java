package dev.ilora.files;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A file of one JSON object a line. The first line, the header, names the {@code schema} and the
 * number of {@code lines} that follow, besides what all of them have in common.
 *
 * @param <H> record of what the header holds beside these two
 * @param <L> what the other lines are
 * @param header what all lines have in common
 * @param lines the other lines
 */
public record HeadedLines<H extends Record, L>(H header, List<L> lines) {
  private static final String LINES = "lines";

  /** Copies the list. */
  public HeadedLines {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a whole file.
   *
   * @param schema the only version read
   * @throws BadInputException if it is missing, empty, of another schema or cut short, or a line
   *     lacks a field, has an unknown one or holds what its record refuses
   */
  public static <H extends Record, L extends Record> HeadedLines<H, L> read(
      Path file, int schema, Class<H> header, Class<L> line) {
    return read(file, schema, header, line, Function.identity());
  }

  /**
   * As {@link #read(Path, int, Class, Class)} where a line's record is not what is wanted.
   *
   * @param made makes of a line what is wanted; what it refuses is a mistake of the line
   */
  public static <H extends Record, L extends Record, R> HeadedLines<H, R> read(
      Path file, int schema, Class<H> header, Class<L> line, Function<L, R> made) {
    List<JsonLine> all = JsonLines.read(file);
    if (all.isEmpty()) {
      throw new BadInputException(file, "is empty, expected a header line and what it announces");
    }
    JsonLine first = all.getFirst();
    first.requireSchema(schema);
    int announced = first.integer(LINES);
    if (all.size() - 1 != announced) {
      throw new BadInputException(
          file, "holds %s lines, its header says %s".formatted(all.size() - 1, announced));
    }
    HeadedLines<H, R> whole =
        new HeadedLines<>(
            first.as(header, JsonLine.SCHEMA, LINES),
            all.stream().skip(1).map(each -> made(each, line, made)).toList());
    SealedFile.check(file);
    return whole;
  }

  private static <L extends Record, R> R made(JsonLine line, Class<L> type, Function<L, R> made) {
    try {
      return made.apply(line.as(type));
    } catch (IllegalArgumentException e) {
      throw line.mistake(e.getMessage());
    }
  }

  /** Writes the file whole or not at all, with a seal. */
  public void write(Path file, int schema) {
    List<Object> all = new ArrayList<>();
    all.add(JsonLines.withSchema(schema, header).put(LINES, lines.size()));
    all.addAll(lines);
    JsonLines.write(file, all);
  }
}
