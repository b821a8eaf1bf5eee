package dev.ilora.report;

import dev.ilora.compare.Cell;
import dev.ilora.compare.TableContent;
import dev.ilora.compare.TableContent.Column;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the cells of a table as HTML. Columns of estimates are followed by a drawing of their
 * intervals where the table has a scale for them; methods are marked by their colours, the best of
 * a column by a star.
 */
final class HtmlTable {
  private final TableContent content;
  private final Palette palette;
  private final Optional<IntervalPlot> plot;
  private final Optional<String> colour;
  private final List<Set<Integer>> best;

  private HtmlTable(
      TableContent content, Palette palette, Optional<IntervalPlot> plot, Optional<String> colour) {
    this.content = content;
    this.palette = palette;
    this.plot = plot;
    this.colour = colour;
    this.best = IntStream.range(0, content.columns().size()).mapToObj(content::best).toList();
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
   * Writes the table in a box of its own, which can be moved sideways where it is too wide.
   *
   * @param caption what the table is of, for those who do not see it in its place
   * @param classes of the table in the style sheet
   */
  void write(Html page, String caption, String... classes) {
    List<Integer> shown = content.shown();
    page.open("div", "class", "wide", "tabindex", "0", "role", "region", "aria-label", caption);
    page.open("table", attributes(classes)).element("caption", caption).open("thead").open("tr");
    shown.forEach(c -> heading(page, c));
    page.close().close().open("tbody");
    for (int r = 0; r < content.rows().size(); r++) {
      row(page, r, shown);
    }
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
    String kind = c == 0 || words ? "words" : "number";
    page.element("th", typeset(column.heading()), "scope", "col", "class", kind);
    if (draws(column)) {
      page.open("td");
      plot.orElseThrow().writeScale(page);
      page.close();
    }
  }

  private boolean draws(Column column) {
    return column.kind() == Column.Kind.DRAWN && plot.isPresent();
  }

  private void row(Html page, int r, List<Integer> shown) {
    List<Cell> row = content.rows().get(r);
    page.open("tr");
    page.open("th", "scope", "row");
    first(page, row.get(shown.getFirst()));
    page.close();
    for (int c : shown.subList(1, shown.size())) {
      cell(page, row.get(c), best.get(c).contains(r));
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

  private static void cell(Html page, Cell cell, boolean best) {
    switch (cell) {
      case Cell.Words(String text) -> page.element("td", text);
      case Cell.MethodName(String text) -> page.element("td", text);
      case Cell.Difference difference -> page.element("td", typeset(difference.text()));
      case Cell.Data _ -> page.element("td", "");
      case Cell.Figure(_, String text) -> {
        page.open("td", "class", best ? "number strong" : "number");
        mark(page, best);
        page.text(text).close();
      }
      case Cell.Weight weight ->
          page.element(
              "td",
              weight.text(),
              "class",
              "number cell",
              "style",
              String.format(
                  Locale.ROOT, "--w:%.0f%%", 100 * Math.clamp(weight.weight(), 0.0, 1.0)));
      case Cell.Estimate estimate -> estimate(page, estimate, best);
      case Cell.Missing(String reason) -> missing(page, reason);
    }
  }

  private static void estimate(Html page, Cell.Estimate estimate, boolean best) {
    String kind = estimate.clear() || best ? "number strong" : "number";
    if (!estimate.ranged()) {
      page.open("td", "class", kind, "title", estimate.range());
      mark(page, best);
      page.text(estimate.estimate()).close();
      return;
    }
    page.open("td", "class", kind);
    mark(page, best);
    page.text(estimate.estimate() + " ")
        .element("span", estimate.range(), "class", "small")
        .close();
  }

  /** A star before the best of a column, so that digits stay below each other. */
  private static void mark(Html page, boolean best) {
    if (best) {
      page.element("span", "★", "class", "best", "role", "img", "aria-label", "best of its column");
    }
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

  /** A difference with a minus sign in place of the hyphen of plain text. */
  private static String typeset(String text) {
    return text.replace(" - ", " − ");
  }
}
