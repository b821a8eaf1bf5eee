package dev.ilora.report;

import dev.ilora.compare.Cell;
import dev.ilora.compare.TableContent;
import dev.ilora.compare.TableContent.Column;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the cells of a table as HTML. Columns of estimates are followed by a drawing of their
 * intervals where the table has a scale for them; methods are marked by their colours.
 */
final class HtmlTable {
  private final TableContent content;
  private final Palette palette;
  private final Optional<IntervalPlot> plot;
  private final Optional<String> colour;

  private HtmlTable(
      TableContent content, Palette palette, Optional<IntervalPlot> plot, Optional<String> colour) {
    this.content = content;
    this.palette = palette;
    this.plot = plot;
    this.colour = colour;
  }

  /** A table of words and numbers. */
  static HtmlTable of(TableContent content, Palette palette) {
    return new HtmlTable(content, palette, Optional.empty(), Optional.empty());
  }

  /** A table whose estimates are drawn, each in the colour of its line's method. */
  static HtmlTable drawn(TableContent content, Palette palette, IntervalPlot plot) {
    return new HtmlTable(content, palette, Optional.of(plot), Optional.empty());
  }

  /** A table whose estimates are drawn, all in the colour of one method. */
  static HtmlTable drawn(TableContent content, Palette palette, IntervalPlot plot, String method) {
    return new HtmlTable(content, palette, Optional.of(plot), Optional.of(palette.of(method)));
  }

  /**
   * Writes the table.
   *
   * @param classes of the table in the style sheet
   */
  void write(Html page, String... classes) {
    List<Integer> shown = content.shown();
    page.open("div", "class", "wide").open("table", attributes(classes)).open("thead").open("tr");
    shown.forEach(c -> heading(page, c));
    page.close().close().open("tbody");
    content.rows().forEach(row -> row(page, row, shown));
    page.close().close().close();
  }

  private static String[] attributes(String... classes) {
    return classes.length == 0 ? new String[0] : new String[] {"class", String.join(" ", classes)};
  }

  private void heading(Html page, int c) {
    Column column = content.columns().get(c);
    boolean words =
        content.rows().stream()
            .map(row -> row.get(c))
            .allMatch(cell -> cell instanceof Cell.Words || cell instanceof Cell.MethodName);
    page.element("th", typeset(column.heading()), kind(c == 0 || words ? "" : "number"));
    if (draws(column)) {
      page.open("th");
      plot.orElseThrow().writeScale(page);
      page.close();
    }
  }

  private boolean draws(Column column) {
    return column.kind() == Column.Kind.DRAWN && plot.isPresent();
  }

  private void row(Html page, List<Cell> row, List<Integer> shown) {
    page.open("tr");
    page.open("th", "scope", "row");
    first(page, row.get(shown.getFirst()));
    page.close();
    for (int c : shown.subList(1, shown.size())) {
      cell(page, row.get(c));
      if (draws(content.columns().get(c))) {
        drawing(page, row, row.get(c));
      }
    }
    page.close();
  }

  private void first(Html page, Cell cell) {
    if (cell instanceof Cell.MethodName(String name)) {
      palette.swatch(page, name);
    }
    page.text(typeset(cell.text()));
  }

  private static void cell(Html page, Cell cell) {
    switch (cell) {
      case Cell.Words(String text) -> page.element("td", text);
      case Cell.MethodName(String text) -> page.element("td", text);
      case Cell.Difference difference -> page.element("td", typeset(difference.text()));
      case Cell.Data _ -> page.element("td", "");
      case Cell.Figure(_, String text) -> page.element("td", text, "class", "number");
      case Cell.Weight weight ->
          page.element(
              "td",
              weight.text(),
              "class",
              "number cell",
              "style",
              String.format(
                  Locale.ROOT, "--w:%.0f%%", 100 * Math.clamp(weight.weight(), 0.0, 1.0)));
      case Cell.Estimate estimate -> estimate(page, estimate);
      case Cell.Missing(String reason) -> missing(page, reason);
    }
  }

  private static void estimate(Html page, Cell.Estimate estimate) {
    String kind = estimate.clear() ? "number strong" : "number";
    if (!estimate.ranged()) {
      page.element("td", estimate.estimate(), "class", kind, "title", estimate.range());
      return;
    }
    page.open("td", "class", kind).text(estimate.estimate() + " ");
    page.element("span", estimate.range(), "class", "small").close();
  }

  private static void missing(Html page, String reason) {
    String[] attributes =
        Stream.concat(
                Stream.of("class", "number"),
                reason.isEmpty() ? Stream.of() : Stream.of("title", reason))
            .toArray(String[]::new);
    page.element("td", "–", attributes);
  }

  private void drawing(Html page, List<Cell> row, Cell cell) {
    page.open("td");
    if (cell instanceof Cell.Estimate estimate) {
      plot.orElseThrow().write(page, estimate.interval(), colour.orElseGet(() -> ofLine(row)));
    }
    page.close();
  }

  private String ofLine(List<Cell> row) {
    return row.stream()
        .filter(Cell.MethodName.class::isInstance)
        .findFirst()
        .map(name -> palette.of(name.text()))
        .orElseThrow();
  }

  private static String[] kind(String name) {
    return name.isEmpty() ? new String[0] : new String[] {"class", name};
  }

  /** A difference with a minus sign in place of the hyphen of plain text. */
  private static String typeset(String text) {
    return text.replace(" - ", " − ");
  }
}
