package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.compare.TableContent.Column;
import dev.ilora.files.JsonLines;
import dev.ilora.statistics.Interval;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TableContentTest {
  private static final TableContent TABLE =
      new TableContent(
          List.of(
              Column.words("Method", "method"),
              Column.data("seeds"),
              Column.drawn("HR@1", "hr@1"),
              Column.label("of"),
              Column.figure("gain", "gain")),
          List.of(
              List.of(
                  new Cell.MethodName("A | B"),
                  new Cell.Data(3),
                  new Cell.Estimate(new Interval(0.5, 0.4, 0.61), Cell.Estimate.Form.METRIC, true),
                  new Cell.Difference("A", "B"),
                  new Cell.Estimate(new Interval(0.25, -0.1, 1), Cell.Estimate.Form.GAIN, false)),
              List.of(
                  new Cell.MethodName("C"),
                  new Cell.Data(1),
                  new Cell.Missing("not evaluated"),
                  new Cell.Words("x"),
                  Cell.Figure.probability(0.0001))));

  @Test
  void textAlignsWhatPeopleSee() {
    assertEquals(
        """
        Method                     HR@1     of     gain
        ------  -----------------------  -----  -------
        A | B   0.5000 [0.4000, 0.6100]  A - B  +25.0 %
        C                             -      x   <0.001
        """,
        TABLE.text());
  }

  @Test
  void markdownEscapesBars() {
    assertEquals(
        """
        | Method | HR@1 | of | gain |
        | --- | ---: | ---: | ---: |
        | A \\| B | 0.5000 [0.4000, 0.6100] | A - B | +25.0 % |
        | C | - | x | <0.001 |
        """,
        TABLE.markdown());
  }

  @Test
  void jsonHoldsExactValuesAndLeavesOutWhatIsMissing() {
    assertEquals(
        "[{\"method\":\"A | B\",\"seeds\":3,"
            + "\"hr@1\":{\"estimate\":0.5,\"low\":0.4,\"high\":0.61},"
            + "\"gain\":{\"estimate\":0.25,\"low\":-0.1,\"high\":1.0}},"
            + "{\"method\":\"C\",\"seeds\":1,\"gain\":1.0E-4}]",
        JsonLines.line(TABLE.json()));
  }

  @Test
  void onlyDifferencesAndGainsAreClearOfZero() {
    assertEquals(
        List.of(false, true, false),
        List.of(
            new Cell.Estimate(new Interval(0.5, 0.4, 0.6), Cell.Estimate.Form.METRIC, true).clear(),
            new Cell.Estimate(new Interval(-0.2, -0.3, -0.1), Cell.Estimate.Form.GAIN, true)
                .clear(),
            new Cell.Estimate(new Interval(0, -0.3, 0.1), Cell.Estimate.Form.DIFFERENCE, true)
                .clear()));
  }

  private static TableContent column(Column column, Cell... cells) {
    return new TableContent(
        List.of(column), Stream.of(cells).map(cell -> List.<Cell>of(cell)).toList());
  }

  @Test
  void theBestOfAColumnIsTheHighestOrTheLowestAsItsColumnSays() {
    Cell[] cells = {Cell.Figure.seconds(2), Cell.Figure.seconds(3), Cell.Figure.seconds(1)};
    Column seconds = Column.figure("s", "s");
    assertEquals(Set.of(2), column(seconds.less(), cells).best(0));
    assertEquals(Set.of(1), column(seconds.more(), cells).best(0));
    assertEquals(Set.of(), column(seconds, cells).best(0));
  }

  @Test
  void valuesThatReadTheSameShareTheFirstPlace() {
    Column hits = Column.drawn("HR@1", "hr@1").more();
    assertEquals(
        Set.of(0, 2), column(hits, metric(0.50001), metric(0.4999), metric(0.50002)).best(0));
  }

  @Test
  void whatIsMissingIsNotComparedAndOneValueAloneIsNotTheBest() {
    Column hits = Column.drawn("HR@1", "hr@1").more();
    Cell none = new Cell.Missing("not evaluated");
    assertEquals(Set.of(2), column(hits, none, metric(0.1), metric(0.2)).best(0));
    assertEquals(Set.of(), column(hits, none, metric(0.1)).best(0));
  }

  private static Cell metric(double value) {
    return new Cell.Estimate(new Interval(value, 0, 1), Cell.Estimate.Form.METRIC, true);
  }

  @Test
  void everyRowHasACellForEveryColumn() {
    assertEquals(
        "a row has 0 cells, the table has 1 columns",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TableContent(List.of(Column.data("x")), List.of(List.of())))
            .getMessage());
  }
}
