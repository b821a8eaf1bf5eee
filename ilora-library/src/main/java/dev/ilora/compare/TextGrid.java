package dev.ilora.compare;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cells printed as aligned text or Markdown; the first column is aligned left, the others right.
 *
 * @param header one cell a column
 * @param rows one cell a column each
 */
record TextGrid(List<String> header, List<List<String>> rows) {
  String text() {
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                c ->
                    Math.max(
                        header.get(c).length(),
                        rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0)))
            .toArray();
    String rule =
        IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ", "", "\n"));
    return line(header, widths)
        + rule
        + rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  String markdown() {
    String rule =
        IntStream.range(0, header.size())
            .mapToObj(c -> c == 0 ? "---" : "---:")
            .collect(Collectors.joining(" | ", "| ", " |\n"));
    return markdownLine(header)
        + rule
        + rows.stream().map(TextGrid::markdownLine).collect(Collectors.joining());
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
            .mapToObj(c -> padded(cells.get(c), widths[c], c == 0))
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }

  private static String padded(String cell, int width, boolean left) {
    String padding = " ".repeat(width - cell.length());
    return left ? cell + padding : padding + cell;
  }

  private static String markdownLine(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
