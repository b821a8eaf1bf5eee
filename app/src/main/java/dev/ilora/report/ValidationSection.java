package dev.ilora.report;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Run;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.runs.ValidationCurve.Point;
import dev.ilora.runs.ValidationCurve.Unit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** How often each method was right on validation cases while it was trained. */
final class ValidationSection {
  /** Recommenders are validated among the target and 19 other items. */
  private static final double CHANCE_OF_RECOMMENDERS = 1.0 / 20;

  private ValidationSection() {}

  static void write(Html page, List<Run> runs, Palette palette) {
    Map<Run, ValidationCurve> curves = new LinkedHashMap<>();
    runs.forEach(run -> curve(run).ifPresent(curve -> curves.put(run, curve)));
    if (curves.isEmpty()) {
      return;
    }
    page.element("h3", "Validation");
    page.element(
        "p",
        "HR@1 of cases that training does not learn from. A ring marks the state that was taken,"
            + " the dashed line is chance. Test cases have no part in it.");
    page.open("div", "class", "charts");
    for (Unit unit : Unit.values()) {
      chart(page, unit, curves, palette);
    }
    page.close();
    curves.forEach((run, curve) -> words(page, run, curve));
  }

  private static Optional<ValidationCurve> curve(Run run) {
    return ValidationCurve.of(run.curve(), CHANCE_OF_RECOMMENDERS)
        .map(
            curve ->
                curve.unit() == Unit.EPOCH
                    ? curve
                    : new ValidationCurve(curve.unit(), curve.points(), chance(run)));
  }

  /** Language models are validated among as many candidates as they are tested. */
  private static double chance(Run run) {
    if (!run.evaluatedOn(CaseSet.TEST)) {
      return 0;
    }
    return run.on(CaseSet.TEST).rows().stream()
        .mapToDouble(row -> 1.0 / row.candidates().length)
        .average()
        .orElse(0);
  }

  private static void chart(
      Html page, Unit unit, Map<Run, ValidationCurve> curves, Palette palette) {
    List<LineChart.Line> lines =
        curves.entrySet().stream()
            .filter(entry -> entry.getValue().unit() == unit)
            .map(entry -> line(entry.getKey(), entry.getValue(), palette))
            .toList();
    OptionalDouble chance =
        curves.values().stream()
            .filter(curve -> curve.unit() == unit)
            .mapToDouble(ValidationCurve::chance)
            .filter(value -> value > 0)
            .max();
    if (!lines.isEmpty()) {
      new LineChart("Validation HR@1 by " + unit.word(), unit.word(), lines, true, chance)
          .write(page);
    }
  }

  private static LineChart.Line line(Run run, ValidationCurve curve, Palette palette) {
    return new LineChart.Line(
        run.title(),
        palette.line(run.method()),
        curve.points().stream().mapToDouble(Point::at).toArray(),
        curve.points().stream().mapToDouble(Point::hitRate).toArray(),
        OptionalInt.of(curve.chosen()));
  }

  private static void words(Html page, Run run, ValidationCurve curve) {
    Point chosen = curve.points().get(curve.chosen());
    String form =
        curve.points().size() == 1
            ? "%s: validated once, after %s %.0f of %.0f, HR@1 %.3f."
            : "%s: taken after %s %.0f of %.0f, HR@1 %.3f.";
    String taken =
        String.format(
            Locale.ROOT,
            form,
            run.title(),
            curve.unit().word(),
            chosen.at(),
            curve.points().getLast().at(),
            chosen.hitRate());
    page.element("p", taken, "class", "small");
    curve
        .remarks()
        .forEach(remark -> page.element("p", run.title() + ": " + remark, "class", "note"));
  }
}
