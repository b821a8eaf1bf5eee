package dev.ilora.study;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.tensor.Torch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Trains and evaluates prepared runs: recommenders one after another, for they are done in seconds,
 * then language-model runs, several at a time.
 */
final class Jobs {
  private Jobs() {}

  static void run(List<Experiment> runs, int jobs, Workspace workspace) {
    Map<Boolean, List<Experiment>> asking =
        runs.stream()
            .collect(Collectors.partitioningBy(run -> run.recipe().method().asksLanguageModel()));
    asking.get(false).forEach(Jobs::finish);
    RunContext context = workspace.context();
    WorkLeft left = WorkLeft.of(asking.get(true), jobs, context.clock());
    if (jobs == 1) {
      asking.get(true).forEach(run -> run.tell(left.telling(context.progress())));
      asking.get(true).forEach(Jobs::finish);
    } else {
      together(asking.get(true), jobs, left, workspace);
    }
  }

  private static void together(
      List<Experiment> runs, int jobs, WorkLeft left, Workspace workspace) {
    try (var _ = Torch.onThreads(1)) {
      rehearse(runs, workspace);
      begin(runs, jobs, left, workspace);
    }
  }

  private static void begin(List<Experiment> runs, int jobs, WorkLeft left, Workspace workspace) {
    Together together = new Together(runs.size(), left, workspace.context().progress());
    try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
      List<Future<?>> futures = new ArrayList<>();
      for (Experiment run : runs) {
        futures.add(
            pool.submit(
                () -> {
                  requireNotInterrupted(run, workspace.context().interruption());
                  Torch.threads(1);
                  run.tell(together);
                  run.amongOthers();
                  finish(run);
                  together.finished();
                }));
      }
      await(futures);
    }
  }

  /** Measures what a run of each recipe takes alone, on as many threads as it will have. */
  private static void rehearse(List<Experiment> runs, Workspace workspace) {
    Set<Recipe> tried = new HashSet<>();
    for (Experiment run : runs) {
      requireNotInterrupted(run, workspace.context().interruption());
      if (tried.add(run.recipe().run(0))) {
        run.rehearse();
      }
    }
  }

  /** A run that waited while another was stopped must not begin. */
  private static void requireNotInterrupted(Experiment run, Interruption interruption) {
    if (interruption.requested()) {
      throw new InterruptedRunException(
          "Stopped before %s (seed %s); the same command goes on from there"
              .formatted(run.recipe().label(), run.recipe().seed()));
    }
  }

  private static void finish(Experiment run) {
    run.train();
    run.evaluate();
  }

  /** Waits for all; an error says more than that a run was stopped, and no error is lost. */
  private static void await(List<Future<?>> futures) {
    List<Throwable> failures = new ArrayList<>();
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while runs were going on", e);
      }
    }
    if (failures.isEmpty()) {
      return;
    }
    Throwable first =
        failures.stream()
            .filter(failure -> !(failure instanceof InterruptedRunException))
            .findFirst()
            .orElse(failures.getFirst());
    failures.stream().filter(other -> !other.equals(first)).forEach(first::addSuppressed);
    switch (first) {
      case Error error -> throw error;
      case RuntimeException error -> throw error;
      default -> throw new IllegalStateException(first);
    }
  }

  /** Joins the progress of several runs into one line. */
  private static final class Together implements Progress {
    private final int runs;
    private final WorkLeft work;
    private final Progress progress;
    private final Map<String, String> going = new LinkedHashMap<>();
    private Optional<Duration> left = Optional.empty();
    private int finished;

    Together(int runs, WorkLeft work, Progress progress) {
      this.runs = runs;
      this.work = work;
      this.progress = progress;
    }

    @Override
    public synchronized void update(String what, long done, long total, String detail) {
      going.put(what, "%s %s/%s %s".formatted(what, done, total, detail).strip());
      left = work.after(what, done, total).or(() -> left);
      // Shown first: a short piece is begun and done at once.
      show();
      if (done >= total) {
        going.remove(what);
      }
    }

    @Override
    public synchronized void remark(String text) {
      progress.remark(text);
    }

    synchronized void finished() {
      finished++;
      show();
    }

    private void show() {
      String detail = String.join("; ", going.values());
      left.ifPresentOrElse(
          time -> progress.update("runs", finished, runs, detail, time),
          () -> progress.update("runs", finished, runs, detail));
    }
  }
}
