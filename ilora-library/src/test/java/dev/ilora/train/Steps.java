package dev.ilora.train;

import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Runs tasks with a clock on which every step takes a second, and keeps what was reported. */
final class Steps {
  /** What a killed process leaves: nothing after the last checkpoint. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final List<Trainer.Step> reports = new ArrayList<>();
  private final Interruption interruption = Interruption.never();
  private final TrainerConfig config;
  private final Path checkpoints;
  private final String fingerprint;
  private long stopAfter = -1;
  private Instant now = Instant.EPOCH;

  /** How a tiny prompt model is adapted. */
  static TrainingSettings settings(int steps, int batch, int microBatch, boolean curriculum) {
    return Config.bind(
        TrainingSettings.class,
        List.of(
            "steps=" + steps,
            "batch=" + batch,
            "microBatch=" + microBatch,
            "curriculum=" + curriculum));
  }

  /** A checkpoint every two steps into a folder, or none where it is null. */
  Steps(int steps, Path checkpoints, String fingerprint) {
    this(new TrainerConfig(steps, 0.01, 0.1, 0.01, 1, 2), checkpoints, fingerprint);
  }

  Steps(TrainerConfig config, Path checkpoints, String fingerprint) {
    this.config = config;
    this.checkpoints = checkpoints;
    this.fingerprint = fingerprint;
  }

  /** Asks to stop as Ctrl-C does, while this step runs. */
  Steps interruptedAt(long step) {
    stopAfter = step;
    return this;
  }

  void run(Task task) {
    new Trainer(
            config,
            17,
            Optional.ofNullable(checkpoints).map(folder -> new Checkpoints(folder, fingerprint)),
            this::report,
            new RunContext(Progress.NONE, interruption, () -> now))
        .run(task);
  }

  private void report(Trainer.Step step) {
    reports.add(step);
    now = now.plusSeconds(1);
    if (step.step() == stopAfter) {
      interruption.request();
    }
  }

  /** A task that dies without warning at a step, counted from 0. */
  static Task killedAt(Task task, long step) {
    return before(
        task,
        at -> {
          if (at == step) {
            throw new Killed();
          }
        });
  }

  /** A task whose steps take at least some milliseconds. */
  static Task slowed(Task task, long milliseconds) {
    return before(
        task,
        _ -> {
          try {
            Thread.sleep(milliseconds);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** A task that tells of every update. */
  static Task after(Task task, Runnable updated) {
    return around(task, _ -> {}, updated);
  }

  private static Task before(Task task, LongConsumer step) {
    return around(task, step, () -> {});
  }

  private static Task around(Task task, LongConsumer step, Runnable updated) {
    return new DelegatingTask(task) {
      @Override
      public StepLoss accumulate(long at) {
        step.accept(at);
        return super.accumulate(at);
      }

      @Override
      public void afterUpdate(Trainer.Step report) {
        super.afterUpdate(report);
        updated.run();
      }
    };
  }
}
