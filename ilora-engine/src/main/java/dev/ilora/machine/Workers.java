package dev.ilora.machine;

import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;

/**
 * The same work on several threads, each with single-threaded operations. Small models gain more
 * from this than from operations on several threads.
 */
public final class Workers {
  private Workers() {}

  /**
   * Deals things sorted by size up and down the workers, so that all get about as much: with two,
   * the first takes the 1st, 4th, 5th, 8th and so on.
   *
   * @param count of the workers
   * @return what each gets, in the order given
   */
  public static <T> List<List<T>> deal(List<T> sorted, int count) {
    List<List<T>> shares = new ArrayList<>();
    for (int worker = 0; worker < count; worker++) {
      shares.add(new ArrayList<>());
    }
    for (int i = 0; i < sorted.size(); i++) {
      int place = i % (2 * count);
      shares.get(Math.min(place, 2 * count - 1 - place)).add(sorted.get(i));
    }
    return shares;
  }

  /** Runs the work for 0 to count-1 and adds the results in that order. */
  public static double sum(int count, IntToDoubleFunction work) {
    if (count == 1) {
      return work.applyAsDouble(0);
    }
    try (var _ = Torch.onThreads(1);
        var pool = Executors.newFixedThreadPool(count - 1)) {
      List<Future<Double>> others = new ArrayList<>();
      for (int i = 1; i < count; i++) {
        int worker = i;
        others.add(
            pool.submit(
                () -> {
                  Torch.threads(1);
                  return work.applyAsDouble(worker);
                }));
      }
      double sum = work.applyAsDouble(0);
      for (Future<Double> other : others) {
        sum += other.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a step", e);
    }
  }
}
