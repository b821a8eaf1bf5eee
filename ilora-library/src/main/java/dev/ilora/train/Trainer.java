package dev.ilora.train;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.Randomness;
import dev.ilora.nn.Adam;
import dev.ilora.nn.GradientClipping;
import dev.ilora.nn.Schedule;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs a task's steps to the end, from the newest checkpoint where there is one.
 *
 * <p>Reference training of the paper: Adam, linear warm-up, cosine decay (arXiv:2408.10159, section
 * 4.1 and the released code).
 */
public final class Trainer {
  private static final double EXPLODED = 4;

  private final TrainerConfig config;
  private final long seed;
  private final Path checkpoints;
  private final String fingerprint;
  private final Progress progress;
  private final Interruption interruption;
  private final Consumer<Step> log;
  private final InstantSource clock;

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
   * @param checkpoints folder for checkpoints, or null to keep none
   * @param fingerprint identifies what is trained on what; a checkpoint with another one is refused
   * @param log receives every step
   */
  public Trainer(
      TrainerConfig config,
      long seed,
      Path checkpoints,
      String fingerprint,
      Progress progress,
      Interruption interruption,
      Consumer<Step> log,
      InstantSource clock) {
    this.config = config;
    this.seed = seed;
    this.checkpoints = checkpoints;
    this.fingerprint = fingerprint;
    this.progress = progress;
    this.interruption = interruption;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Trains to the end.
   *
   * @throws TrainingDivergedException if the loss is not a number or exploded
   * @throws InterruptedRunException if the user stopped it; a checkpoint was written
   * @throws dev.ilora.BadInputException if the newest checkpoint belongs to another training or is
   *     damaged; then it says which former one can be used
   */
  public void run(Task task) {
    try (var _ = interruption.guard();
        var optimiser = new Adam(task.groups(), Adam.Options.adamW())) {
      long done = checkpoints == null ? 0 : restore(task, optimiser);
      var lastCheckpoint = clock.instant();
      double smoothed = Double.NaN;
      for (long step = done; step < config.steps(); step++) {
        var before = clock.instant();
        Step report = step(task, optimiser, step, before);
        smoothed = Double.isNaN(smoothed) ? report.loss() : 0.95 * smoothed + 0.05 * report.loss();
        if (report.loss() > EXPLODED * smoothed + EXPLODED) {
          throw diverged(
              task, step, "loss %.3g after a mean of %.3g".formatted(report.loss(), smoothed));
        }
        log.accept(report);
        tell(task, report, smoothed);
        boolean stop = interruption.requested() && step + 1 < config.steps();
        boolean due =
            Duration.between(lastCheckpoint, clock.instant()).toSeconds()
                >= config.checkpointSeconds();
        if (checkpoints != null && (stop || due || step + 1 == config.steps())) {
          Checkpoint.write(checkpoints, step + 1, fingerprint, optimiser, task.buffers());
          lastCheckpoint = clock.instant();
        }
        if (stop) {
          throw new InterruptedRunException(stopMessage(step + 1));
        }
      }
    }
  }

  private long restore(Task task, Adam optimiser) {
    return Checkpoint.restore(checkpoints, fingerprint, optimiser, task.buffers()).orElse(0L);
  }

  private Step step(Task task, Adam optimiser, long step, java.time.Instant before) {
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
      double rate = config.learningRate() * schedule().factor(step);
      optimiser.step(rate);
      double seconds = Math.max(1e-9, Duration.between(before, clock.instant()).toNanos() / 1e9);
      return new Step(step + 1, loss.loss(), rate, norm, loss.tokens() / seconds);
    }
  }

  private Schedule schedule() {
    return Schedule.warmupCosine(config.steps(), config.warmUp(), config.floor());
  }

  private void tell(Task task, Step report, double smoothed) {
    progress.update(
        task.name(),
        report.step(),
        config.steps(),
        String.format(Locale.ROOT, "loss %.3f, %.0f tokens/s", smoothed, report.tokensPerSecond()));
  }

  private TrainingDivergedException diverged(Task task, long step, String what) {
    return new TrainingDivergedException(task.name(), step + 1, what, config.learningRate());
  }

  private String stopMessage(long step) {
    return checkpoints == null
        ? "Stopped at step %d of %d; nothing was kept".formatted(step, config.steps())
        : "Stopped at step %d of %d; the checkpoint is in %s, the same command goes on from it"
            .formatted(step, config.steps(), checkpoints);
  }

  /** Appends the first step and every tenth to a curve. */
  public static Consumer<Step> logTo(TrainingCurve curve) {
    return step -> {
      if (step.step() % 10 == 0 || step.step() == 1) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(TrainingPoint.LOSS, step.loss());
        values.put(TrainingPoint.LEARNING_RATE, step.learningRate());
        values.put(TrainingPoint.TOKENS_PER_SECOND, step.tokensPerSecond());
        curve.append(new TrainingPoint(step.step(), values));
      }
    };
  }
}
