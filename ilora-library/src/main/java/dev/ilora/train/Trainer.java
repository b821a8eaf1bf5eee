package dev.ilora.train;

import dev.ilora.InterruptedRunException;
import dev.ilora.Randomness;
import dev.ilora.RunContext;
import dev.ilora.nn.Adam;
import dev.ilora.nn.GradientClipping;
import dev.ilora.nn.Schedule;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Runs a task's steps to the end, from the newest checkpoint where there is one.
 *
 * <p>Reference training of the paper: Adam, linear warm-up, cosine decay (arXiv:2408.10159, section
 * 4.1 and the released code).
 */
public final class Trainer {
  private static final double EXPLODED = 4;

  private final TrainerConfig config;
  private final Schedule schedule;
  private final long seed;
  private final Optional<Checkpoints> checkpoints;
  private final Consumer<Step> log;
  private final RunContext context;

  /**
   * One finished step.
   *
   * @param step from 1
   * @param loss mean over the answer tokens, in nats
   * @param learningRate the rate used
   * @param gradientNorm before clipping
   * @param tokensPerSecond since the last report, padding not counted
   */
  public record Step(
      long step, double loss, double learningRate, double gradientNorm, double tokensPerSecond) {}

  /**
   * @param seed what every random choice of the training depends on
   * @param checkpoints where to keep checkpoints, or none
   * @param log receives every step
   */
  public Trainer(
      TrainerConfig config,
      long seed,
      Optional<Checkpoints> checkpoints,
      Consumer<Step> log,
      RunContext context) {
    this.config = config;
    this.schedule = Schedule.warmupCosine(config.steps(), config.warmUp(), config.floor());
    this.seed = seed;
    this.checkpoints = checkpoints;
    this.log = log;
    this.context = context;
  }

  /**
   * Trains to the last step, or until the task is finished.
   *
   * @throws TrainingDivergedException if the loss is not a number or exploded
   * @throws InterruptedRunException if the user stopped it; a checkpoint was written
   * @throws dev.ilora.BadInputException if the newest checkpoint belongs to another training or is
   *     damaged; then it says which former one can be used
   */
  public void run(Task task) {
    try (var _ = context.interruption().guard();
        var optimiser = new Adam(task.groups(), task.optimiser())) {
      var restored = checkpoints.flatMap(c -> c.restore(optimiser, task.buffers()));
      restored.ifPresent(from -> tellThreads(task, from));
      long done = restored.map(Checkpoints.Restored::step).orElse(0L);
      var lastCheckpoint = context.clock().instant();
      double smoothed = Double.NaN;
      for (long step = done; !isLast(task, step); step++) {
        Step report = step(task, optimiser, step);
        smoothed = Double.isNaN(smoothed) ? report.loss() : 0.95 * smoothed + 0.05 * report.loss();
        if (report.loss() > EXPLODED * smoothed + EXPLODED) {
          throw diverged(
              task,
              step,
              String.format(
                  Locale.ROOT, "loss %.3g after a mean of %.3g", report.loss(), smoothed));
        }
        task.afterUpdate(report);
        log.accept(report);
        boolean last = isLast(task, step + 1);
        // A task that is finished early ends with the steps it took.
        context
            .progress()
            .update(
                task.name(),
                step + 1,
                last ? step + 1 : config.steps(),
                task.detail(report, smoothed));
        boolean stop = context.interruption().requested() && !last;
        boolean due = context.since(lastCheckpoint).toSeconds() >= config.checkpointSeconds();
        if (checkpoints.isPresent() && (stop || due || last)) {
          checkpoints.get().write(step + 1, optimiser, task.buffers());
          lastCheckpoint = context.clock().instant();
        }
        if (stop) {
          throw new InterruptedRunException(stopMessage(step + 1));
        }
      }
    }
  }

  /** Bits depend on the number of threads, so another one is never taken silently. */
  private void tellThreads(Task task, Checkpoints.Restored from) {
    if (from.threads().isPresent() && from.threads().getAsInt() != Torch.threads()) {
      context
          .progress()
          .remark(
              "%s goes on from step %s on %s threads, it had %s: the last bits will differ"
                  .formatted(task.name(), from.step(), Torch.threads(), from.threads().getAsInt()));
    }
  }

  private boolean isLast(Task task, long done) {
    return done >= config.steps() || task.isFinished(done);
  }

  private Step step(Task task, Adam optimiser, long step) {
    Instant before = context.clock().instant();
    try (var _ = Scope.open()) {
      Torch.seed(Randomness.stepSeed(seed, step));
      optimiser.zeroGrad();
      Task.StepLoss loss = task.accumulate(step);
      if (!Double.isFinite(loss.loss())) {
        throw diverged(task, step, "loss is " + loss.loss());
      }
      double norm = GradientClipping.clip(optimiser.parameters().values(), config.clip());
      if (!Double.isFinite(norm)) {
        throw diverged(task, step, "gradient norm is " + norm);
      }
      double rate = config.learningRate() * schedule.factor(step);
      optimiser.step(rate);
      double seconds = Math.max(1e-9, context.since(before).toNanos() / 1e9);
      return new Step(step + 1, loss.loss(), rate, norm, loss.tokens() / seconds);
    }
  }

  private TrainingDivergedException diverged(Task task, long step, String what) {
    String advice = "Try a lower learning rate (now %s)".formatted(config.learningRate());
    return new TrainingDivergedException(
        "%s diverged at step %s: %s. %s%s%s."
            .formatted(
                task.name(),
                step + 1,
                what,
                advice,
                Double.isFinite(config.clip())
                    ? ", more warm-up or stronger clipping"
                    : " or more warm-up",
                checkpoints.isPresent() ? "; the last checkpoint is kept" : ""));
  }

  private String stopMessage(long step) {
    return checkpoints
        .map(
            kept ->
                "Stopped at step %s of %s; the checkpoint is in %s, the same command goes on from it"
                    .formatted(step, config.steps(), kept.folder()))
        .orElseGet(
            () -> "Stopped at step %s of %s; nothing was kept".formatted(step, config.steps()));
  }

  /**
   * Appends the first step and every tenth to a curve, from which the steps go that a killed
   * training did after its last checkpoint.
   */
  public static Consumer<Step> logTo(TrainingCurve curve) {
    return logTo(curve, _ -> Map.of());
  }

  /**
   * The same, and every step at which more was measured.
   *
   * @param measured what was measured at a step, by name; empty at most
   */
  public static Consumer<Step> logTo(
      TrainingCurve curve, LongFunction<Map<String, Double>> measured) {
    AtomicBoolean begun = new AtomicBoolean();
    return step -> {
      if (!begun.getAndSet(true)) {
        curve.cutAt(step.step());
      }
      Map<String, Double> more = measured.apply(step.step());
      if (step.step() % 10 == 0 || step.step() == 1 || !more.isEmpty()) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(TrainingPoint.LOSS, step.loss());
        values.put(TrainingPoint.LEARNING_RATE, step.learningRate());
        values.put(TrainingPoint.TOKENS_PER_SECOND, step.tokensPerSecond());
        values.putAll(more);
        curve.append(new TrainingPoint(step.step(), values));
      }
    };
  }
}
