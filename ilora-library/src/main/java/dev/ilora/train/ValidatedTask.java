package dev.ilora.train;

import dev.ilora.nn.Adam;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
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
public final class ValidatedTask implements Task, AutoCloseable {
  private static final String MEASURED = "validations";
  private static final int HIT_RATE = 0;
  private static final int RECIPROCAL_RANK = 1;
  private static final int FIGURES = 2;
  private static final double NOT_MEASURED = -1;

  private final Task task;
  private final long steps;
  private final int count;
  private final Supplier<Metrics> validation;
  private final Tensor figures;
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
    this.task = task;
    this.steps = steps;
    this.count = (int) Math.min(count, steps);
    this.validation = validation;
    figures = Tensor.zeros(DType.F64, Device.CPU, this.count, FIGURES);
    for (int place = 0; place < this.count; place++) {
      set(place, HIT_RATE, NOT_MEASURED);
    }
    best = new BestWeights(changing());
  }

  private Map<String, Tensor> changing() {
    Map<String, Tensor> changing = new LinkedHashMap<>(task.buffers());
    task.groups().forEach(group -> changing.putAll(group.parameters()));
    return changing;
  }

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public List<Adam.Group> groups() {
    return task.groups();
  }

  @Override
  public Adam.Options optimiser() {
    return task.optimiser();
  }

  @Override
  public Map<String, Tensor> buffers() {
    Map<String, Tensor> buffers = new LinkedHashMap<>(task.buffers());
    buffers.put(MEASURED, figures);
    buffers.putAll(best.state());
    return buffers;
  }

  @Override
  public StepLoss accumulate(long step) {
    return task.accumulate(step);
  }

  @Override
  public void afterUpdate(Trainer.Step report) {
    task.afterUpdate(report);
    int place = place(report.step());
    if (place >= 0) {
      Metrics metrics = validation.get();
      set(place, RECIPROCAL_RANK, metrics.values().getOrDefault(Metric.MRR, NOT_MEASURED));
      set(place, HIT_RATE, metrics.get(Metric.HR_1));
      if (bestPlace() == place) {
        best.keep();
      }
    }
  }

  @Override
  public boolean isFinished(long done) {
    return task.isFinished(done);
  }

  @Override
  public String detail(Trainer.Step report, double smoothedLoss) {
    String detail = task.detail(report, smoothedLoss);
    if (measured() == 0) {
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

  private int measured() {
    int measured = 0;
    while (measured < count && get(measured, HIT_RATE) != NOT_MEASURED) {
      measured++;
    }
    return measured;
  }

  private int bestPlace() {
    int top = 0;
    int measured = measured();
    for (int place = 1; place < measured; place++) {
      if (of(place).deciding() > of(top).deciding()) {
        top = place;
      }
    }
    return top;
  }

  private Validated of(int place) {
    return new Validated(step(place), get(place, HIT_RATE), get(place, RECIPROCAL_RANK));
  }

  private double get(int place, int figure) {
    try (var _ = Scope.open()) {
      return figures.select(0, place).select(0, figure).item();
    }
  }

  private void set(int place, int figure, double value) {
    try (var _ = Scope.open()) {
      figures.select(0, place).select(0, figure).fillInPlace(value);
    }
  }

  /** Frees what was measured and the best weights; the task stays the caller's. */
  @Override
  public void close() {
    figures.close();
    best.close();
  }
}
