package dev.ilora.train;

import dev.ilora.runs.TrainingPoint;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A task that is measured on validation cases a few times, evenly spread over its steps and always
 * at the last one, and whose best weights are kept.
 *
 * <p>The best has the highest mean reciprocal rank, or HR@1 where answers are not ranked, and is
 * the first of several. The rank says more of a few hundred cases than HR@1: a case counts by how
 * far up its target stands, not by yes or no.
 */
public final class ValidatedTask extends DelegatingTask implements AutoCloseable {
  private static final String MEASURED = "validations";
  private static final int HIT_RATE = 0;
  private static final int RECIPROCAL_RANK = 1;
  private static final int FIGURES = 2;

  private final long steps;
  private final int count;
  private final Supplier<Metrics> validation;
  private final MeasuredFigures figures;
  private final BestWeights best;

  /**
   * What was measured at a step.
   *
   * @param step steps done
   * @param hitRate HR@1 of the validation cases
   * @param reciprocalRank their mean reciprocal rank; negative where answers are not ranked
   */
  public record Validated(long step, double hitRate, double reciprocalRank) {
    private double deciding() {
      return reciprocalRank < 0 ? hitRate : reciprocalRank;
    }

    private Map<String, Double> values() {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(TrainingPoint.VALIDATION_HIT_RATE, hitRate);
      if (reciprocalRank >= 0) {
        values.put(TrainingPoint.VALIDATION_RECIPROCAL_RANK, reciprocalRank);
      }
      return values;
    }

    @Override
    public String toString() {
      return reciprocalRank < 0
          ? String.format(Locale.ROOT, "validation HR@1 %.3f", hitRate)
          : String.format(Locale.ROOT, "validation MRR %.3f", reciprocalRank);
    }
  }

  /**
   * @param task what is optimised
   * @param steps of the training
   * @param count how many times it is measured, at most once a step
   * @param validation measures the weights as they are; must not draw random numbers or change
   *     anything
   */
  public ValidatedTask(Task task, long steps, int count, Supplier<Metrics> validation) {
    super(task);
    this.steps = steps;
    this.count = (int) Math.min(count, steps);
    this.validation = validation;
    figures = new MeasuredFigures(this.count, FIGURES, HIT_RATE);
    best = new BestWeights(changing());
  }

  private Map<String, Tensor> changing() {
    Map<String, Tensor> changing = new LinkedHashMap<>(super.buffers());
    groups().forEach(group -> changing.putAll(group.parameters()));
    return changing;
  }

  @Override
  public Map<String, Tensor> buffers() {
    Map<String, Tensor> buffers = new LinkedHashMap<>(super.buffers());
    buffers.put(MEASURED, figures.tensor());
    buffers.putAll(best.state());
    return buffers;
  }

  @Override
  public void afterUpdate(Trainer.Step report) {
    super.afterUpdate(report);
    int place = place(report.step());
    if (place >= 0) {
      Metrics metrics = validation.get();
      figures.set(
          place,
          RECIPROCAL_RANK,
          metrics.values().getOrDefault(Metric.MRR, MeasuredFigures.NOT_MEASURED));
      figures.set(place, HIT_RATE, metrics.get(Metric.HR_1));
      if (bestPlace() == place) {
        best.keep();
      }
    }
  }

  @Override
  public String detail(Trainer.Step report, double smoothedLoss) {
    String detail = super.detail(report, smoothedLoss);
    if (figures.measured() == 0) {
      return detail;
    }
    Validated top = best();
    return "%s, best %s (step %s)".formatted(detail, top, top.step());
  }

  /** What was measured at a step, by its name in curves; empty where nothing was. */
  public Map<String, Double> valuesAt(long step) {
    int place = place(step);
    return place < 0 ? Map.of() : of(place).values();
  }

  /** What was measured when the weights were best; call it after the first measurement. */
  public Validated best() {
    return of(bestPlace());
  }

  /** Gives the trained parameters and the task's buffers the values they had when best. */
  public void restoreBest() {
    best.restore();
  }

  /** The step of a measurement: the places from 0 divide the steps evenly. */
  private long step(int place) {
    return Math.round((double) steps * (place + 1) / count);
  }

  /** The measurement at a step, or -1. */
  private int place(long step) {
    int near = (int) Math.round((double) step * count / steps) - 1;
    return near >= 0 && step(near) == step ? near : -1;
  }

  private int bestPlace() {
    return ValidationCurve.best(figures.measured(), place -> of(place).deciding());
  }

  private Validated of(int place) {
    return new Validated(
        step(place), figures.get(place, HIT_RATE), figures.get(place, RECIPROCAL_RANK));
  }

  /** Frees what was measured and the best weights; the task stays the caller's. */
  @Override
  public void close() {
    figures.close();
    best.close();
  }
}
