package dev.ilora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void axesHaveRoundEndsAndFewTicks() {
    Axis axis = Axis.of(DoubleStream.of(0.4, 3.37));
    assertEquals(new Axis(0, 4, 1), axis);
    assertEquals(List.of("0", "1", "2", "3", "4"), axis.ticks().stream().map(axis::label).toList());
    Axis fine = Axis.of(DoubleStream.of(0.41, 0.52));
    assertEquals("0.40", fine.label(fine.low()));
    Axis rates = Axis.of(0, DoubleStream.of(4e-4));
    assertEquals("1.0e-04", rates.label(rates.ticks().get(1)));
  }

  @Test
  void aConstantLineStillHasAnAxis() {
    for (double value : new double[] {0, 5, -2, 1e6}) {
      Axis axis = Axis.of(DoubleStream.of(value, value));
      assertTrue(
          axis.low() <= value && value <= axis.high() && axis.low() < axis.high(), "" + axis);
      assertTrue(axis.ticks().size() <= 8, "" + axis);
    }
  }

  @Test
  void longLinesKeepTheirPeaks() {
    double[] values = new double[10_000];
    values[4_321] = 7;
    values[8_765] = -7;
    List<Integer> kept = LineChart.kept(values);
    assertTrue(kept.size() <= 620, kept.size() + " points");
    assertTrue(kept.contains(4_321) && kept.contains(8_765));
    assertEquals(List.of(0, 1, 2), LineChart.kept(new double[] {1, 2, 3}));
    assertEquals(
        IntStream.range(0, kept.size()).boxed().sorted().toList().size(),
        kept.stream().distinct().count());
  }

  @Test
  void htmlEscapesAndChecksItself() {
    String page = new Html().element("p", "<&>\"'\u0000", "title", "\"><x").document();
    assertEquals(
        "<!DOCTYPE html>\n<p title=\"&quot;&gt;&lt;x\">&lt;&amp;&gt;&quot;&#39;\ufffd</p>\n", page);
    assertEquals(
        "elements still open: [p]",
        assertThrows(IllegalStateException.class, () -> new Html().open("p").document())
            .getMessage());
    assertEquals(
        "attribute without a value in <p>",
        assertThrows(IllegalArgumentException.class, () -> new Html().open("p", "class"))
            .getMessage());
    assertEquals(
        "a style sheet must not hold '</'",
        assertThrows(IllegalArgumentException.class, () -> new Html().style("</style>"))
            .getMessage());
  }
}
