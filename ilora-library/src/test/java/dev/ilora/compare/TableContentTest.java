package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.compare.TableContent.Column;
import dev.ilora.files.JsonLines;
import dev.ilora.statistics.Interval;
import java.util.List;
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
