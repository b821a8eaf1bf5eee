package dev.ilora.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * How often a model was right on validation cases while it was trained, and which state of it was
 * taken: the best one, the first of several, as trainings choose it.
 *
 * @param unit what is counted between the points
 * @param points at least one, rising
 * @param chance HR@1 of guessing
 */
public record ValidationCurve(Unit unit, List<Point> points, double chance) {
  /** Less than so many times chance is near it: measured on some hundred cases. */
  private static final double NEAR_CHANCE = 1.5;

  /** What is counted. */
  public enum Unit {
    /** Passes over the training rows. */
    EPOCH,
    /** Updates of the weights. */
    STEP;

    /** As a word: {@code epoch}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One validation.
   *
   * @param at epochs or steps done
   * @param hitRate HR@1 of the validation cases
   * @param deciding what states are compared by: the mean reciprocal rank where it was measured,
   *     else HR@1
   */
  public record Point(double at, double hitRate, double deciding) {}

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public ValidationCurve {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a validation curve needs a point");
    }
    points = List.copyOf(points);
  }

  /** The validations of a training curve; empty where there was none. */
  public static Optional<ValidationCurve> of(List<TrainingPoint> curve, double chance) {
    List<TrainingPoint> validated =
        curve.stream()
            .filter(point -> point.values().containsKey(TrainingPoint.VALIDATION_HIT_RATE))
            .toList();
    if (validated.isEmpty()) {
      return Optional.empty();
    }
    boolean epochs =
        validated.stream().allMatch(point -> point.values().containsKey(TrainingPoint.EPOCH));
    return Optional.of(
        new ValidationCurve(
            epochs ? Unit.EPOCH : Unit.STEP,
            validated.stream().map(point -> point(point, epochs)).toList(),
            chance));
  }

  private static Point point(TrainingPoint point, boolean epochs) {
    double hitRate = point.values().get(TrainingPoint.VALIDATION_HIT_RATE);
    return new Point(
        epochs ? point.values().get(TrainingPoint.EPOCH) : point.step(),
        hitRate,
        point.values().getOrDefault(TrainingPoint.VALIDATION_RECIPROCAL_RANK, hitRate));
  }

  /** Place of the point whose state was taken: the highest, the first of several. */
  public int chosen() {
    return best(points.size(), i -> points.get(i).deciding());
  }

  /**
   * How trainings choose among the states they measured: the place of the highest figure, the first
   * of several; 0 where there is none.
   *
   * @param count how many states there are
   * @param figure of a state, by its place from 0
   */
  public static int best(int count, IntToDoubleFunction figure) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = figure.applyAsDouble(i) > figure.applyAsDouble(best) ? i : best;
    }
    return best;
  }

  /** Whether the last of several validations was the best, so that more training may help. */
  public boolean improvedToTheEnd() {
    return points.size() > 1 && chosen() == points.size() - 1;
  }

  /** What somebody should know who would use the model; empty where all is as it should be. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    Point best = points.get(chosen());
    if (best.hitRate() < NEAR_CHANCE * chance) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Validation stays near chance: HR@1 is %.3f at best, and guessing gives %.3f.",
              best.hitRate(),
              chance));
    }
    if (improvedToTheEnd()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "The last validation, after %s %.0f, was the best: more %ss may help.",
              unit.word(),
              best.at(),
              unit.word()));
    }
    return remarks;
  }
}
