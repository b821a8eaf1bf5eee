package dev.ilora.data.records;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first line of a RecBole atomic file: {@code name:type} cells. */
public record TypedHeader(List<String> names) {
  /** Reads the header, which must begin with the given names. */
  public static TypedHeader read(LineReader reader, String... first) throws IOException {
    TypedHeader header = readAny(reader);
    if (header.size() < first.length
        || !header.names.subList(0, first.length).equals(Arrays.asList(first))) {
      throw reader.wrong("expected columns to begin with " + String.join(", ", first));
    }
    return header;
  }

  /** Reads a header of any names. */
  public static TypedHeader readAny(LineReader reader) throws IOException {
    if (!reader.next()) {
      throw reader.wrong("empty file");
    }
    List<String> cells = reader.cells();
    for (String cell : cells) {
      if (!cell.matches("[^:]+:(token|token_seq|float|float_seq)")) {
        throw reader.wrong(
            "expected a header of name:type cells, found '"
                + cell
                + "'"
                + CommentLine.help(cells.getFirst()));
      }
    }
    return new TypedHeader(cells.stream().map(c -> c.substring(0, c.lastIndexOf(':'))).toList());
  }

  public int size() {
    return names.size();
  }

  public int indexOf(String name) {
    return names.indexOf(name);
  }

  /** The cells from an index on that are not blank, by column name. */
  public Map<String, String> rest(List<String> cells, int from) {
    Map<String, String> rest = new LinkedHashMap<>();
    for (int c = from; c < cells.size(); c++) {
      if (!cells.get(c).isBlank()) {
        rest.put(names.get(c), cells.get(c));
      }
    }
    return rest;
  }
}
