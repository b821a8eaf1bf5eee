package dev.ilora.experiment;

import dev.ilora.Progress;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Trains and evaluates prepared runs, several at a time. */
final class Jobs {
  private Jobs() {}

  static void run(List<Experiment> runs, int jobs, Progress progress) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: expected at least 1, got " + jobs);
    }
    if (jobs == 1) {
      runs.forEach(Jobs::finish);
      return;
    }
    int threads = Torch.threads();
    Together together = new Together(runs.size(), progress);
    try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
      List<Future<?>> futures = new ArrayList<>();
      for (Experiment run : runs) {
        futures.add(
            pool.submit(
                () -> {
                  Torch.threads(1);
                  run.tell(together::update);
                  finish(run);
                  together.finished(run);
                }));
      }
      await(futures);
    } finally {
      Torch.threads(threads);
    }
  }

  private static void finish(Experiment run) {
    run.train();
    run.evaluate();
  }

  private static void await(List<Future<?>> futures) {
    RuntimeException first = null;
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        RuntimeException cause =
            e.getCause() instanceof RuntimeException own
                ? own
                : new IllegalStateException(e.getCause());
        first = first == null ? cause : first;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while runs were going on", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Joins the progress of several runs into one line. */
  private static final class Together {
    private final int runs;
    private final Progress progress;
    private final Map<String, String> going = new LinkedHashMap<>();
    private int finished;

    Together(int runs, Progress progress) {
      this.runs = runs;
      this.progress = progress;
    }

    synchronized void update(String what, long done, long total, String detail) {
      going.put(what, "%s %d/%d %s".formatted(what, done, total, detail).strip());
      if (done >= total) {
        going.remove(what);
      }
      show();
    }

    synchronized void finished(Experiment run) {
      finished++;
      show();
    }

    private void show() {
      progress.update("runs", finished, runs, String.join("; ", going.values()));
    }
  }
}
