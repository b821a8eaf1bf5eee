package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.DataSource;
import dev.ilora.runs.Method;
import dev.ilora.statistics.Interval;
import dev.ilora.statistics.Metric;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishedFiguresTest {
  private static final DataSource MOVIELENS = new DataSource("mine", "h", 943, 1682, "time");
  private static final DataSource LASTFM = new DataSource("lastfm", "h", 1220, 4606, "item");
  private static final MethodScores SASREC = scores("SASRec", "scores");
  private static final MethodScores ILORA = scores("iLoRA", "generate");

  private static MethodScores scores(String method, String protocol) {
    Map<Metric, Interval> figures = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      figures.put(metric, new Interval(0.5, 0.4, 0.6));
    }
    return new MethodScores(method, protocol, 1, figures, 0, 1);
  }

  private static ResultTable table(
      DataSource data, CaseSet set, int candidates, int cases, MethodScores... methods) {
    return new ResultTable(
        data,
        set,
        "sha256:aa",
        OptionalInt.of(candidates),
        cases,
        cases,
        List.of(methods),
        List.of());
  }

  private static List<PublishedFigure> beside(ResultTable table) {
    return PublishedFigures.included().beside(table);
  }

  @Test
  void standBesideTheSameTask() {
    List<PublishedFigure> figures = beside(table(MOVIELENS, CaseSet.PAPER, 20, 95, SASREC, ILORA));
    assertTrue(
        figures.stream()
            .anyMatch(
                f ->
                    f.title().equals("iLoRA (Llama-2-7B)")
                        && f.metric() == Metric.REFERENCE_HR_1
                        && f.value() == 0.5275));
    assertTrue(figures.stream().allMatch(figure -> figure.candidates() == 20));
  }

  @Test
  void ofLanguageModelsStandBesideNothingThatRanksByAnotherProtocol() {
    Set<String> protocols = new HashSet<>();
    beside(table(MOVIELENS, CaseSet.PAPER, 20, 95, SASREC, scores("iLoRA", "likelihood")))
        .forEach(figure -> protocols.add(figure.protocol()));
    assertEquals(Set.of("scores"), protocols);
  }

  @Test
  void standBesideNoOtherDataCasesListsOrOrder() {
    DataSource demo = new DataSource("MovieLens-100K", "h", 400, 300, "time");
    assertEquals(List.of(), beside(table(demo, CaseSet.PAPER, 20, 40, SASREC, ILORA)));
    assertEquals(List.of(), beside(table(MOVIELENS, CaseSet.TEST, 20, 95, SASREC, ILORA)));
    assertEquals(List.of(), beside(table(MOVIELENS, CaseSet.PAPER, 25, 95, SASREC, ILORA)));
    assertEquals(List.of(), beside(table(MOVIELENS, CaseSet.PAPER, 20, 94, SASREC, ILORA)));
    assertTrue(!beside(table(LASTFM, CaseSet.PAPER, 20, 122, SASREC)).isEmpty());
    DataSource byTime = new DataSource("lastfm", "h", 1220, 4606, "time");
    assertEquals(List.of(), beside(table(byTime, CaseSet.PAPER, 20, 122, SASREC)));
  }

  @Test
  void moreCandidatesHaveFiguresOfTheirOwn() {
    List<PublishedFigure> figures = beside(table(LASTFM, CaseSet.PAPER, 30, 122, ILORA));
    assertEquals(
        List.of("TALLRec", "LLaRA", "iLoRA"),
        figures.stream().map(PublishedFigure::method).toList());
    assertEquals(0.4283, figures.getLast().value());
  }

  @Test
  void everyOneCarriesItsSourceAndOursAreCalledAsOurs() {
    List<String> ours = Arrays.stream(Method.values()).map(Method::label).toList();
    for (List<PublishedFigure> figures : PublishedFigures.included().byDataSet().values()) {
      for (PublishedFigure figure : figures) {
        assertTrue(figure.source().matches(".*(arXiv:\\d{4}\\.\\d{5}|README).*"), figure.source());
        assertTrue(
            ours.stream()
                .noneMatch(
                    name ->
                        name.equalsIgnoreCase(figure.method()) && !name.equals(figure.method())),
            figure.method());
      }
    }
  }

  @Test
  void aTableShowsThemWithTheirSourcesBesideItsOwn() {
    ResultTable table = table(LASTFM, CaseSet.PAPER, 30, 122, ILORA);
    List<String> lines = table.text().lines().toList();
    String own = lines.stream().filter(line -> line.contains("0.4283")).findFirst().orElseThrow();
    assertTrue(own.startsWith("iLoRA (Llama-2-7B)"), own);
    assertTrue(own.contains("0.5000 [0.4000, 0.6000]"), own);
    assertTrue(own.endsWith("Kong et al., NeurIPS 2024, arXiv:2408.10159, more candidates"), own);
    String other = lines.stream().filter(line -> line.contains("0.3772")).findFirst().orElseThrow();
    assertTrue(other.contains("  -  "), other);
  }

  @Test
  void filesWithUnknownNamesOrFieldsAreRefused() {
    String table =
        "{\"source\":\"s\",\"place\":\"table 1\",\"dataSet\":\"D\",\"candidates\":20,"
            + "\"protocol\":\"scores\",\"metric\":\"hr@1\",\"values\":{\"SASRec\":0.5}}";
    String file =
        "{\"schema\":1,\"sources\":{\"s\":\"Someone\"},\"dataSets\":[{\"name\":\"D\",\"users\":1,"
            + "\"items\":2,\"cases\":1,\"orders\":[\"time\"]}],\"tables\":["
            + table
            + "]}";
    PublishedFigures read = PublishedFigures.parse(Path.of("f.json"), file);
    assertEquals("Someone", read.byDataSet().values().iterator().next().getFirst().source());
    assertRefused(
        "schema is 2, written by a later version of ilora; this version reads 1",
        file.replace("schema\":1", "schema\":2"));
    assertRefused("unknown source 't'", file.replace("\"source\":\"s\"", "\"source\":\"t\""));
    assertRefused("unknown data set 'E'", file.replace("dataSet\":\"D", "dataSet\":\"E"));
    assertRefused("unknown metric 'hr@2'", file.replace("hr@1", "hr@2"));
    assertRefused("SASRec: value 5.0 is outside 0 .. 1", file.replace("0.5", "5"));
    assertRefused(
        "field 'tables[0].place' is missing, expected a text",
        file.replace("\"place\":\"table 1\",", ""));
  }

  private static void assertRefused(String message, String file) {
    assertEquals(
        "f.json:1: " + message,
        assertThrows(BadInputException.class, () -> PublishedFigures.parse(Path.of("f.json"), file))
            .getMessage());
  }
}
