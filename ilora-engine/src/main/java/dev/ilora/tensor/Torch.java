package dev.ilora.tensor;

import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.global.torch;

/** Settings of the engine that hold for the whole process or thread. */
public final class Torch {
  private Torch() {}

  /** Seeds every generator of the engine (dropout, random tensors). */
  public static void seed(long seed) {
    Natives.load();
    torch.manual_seed(seed);
  }

  /** Threads one operation may use. */
  public static int threads() {
    Natives.load();
    return torch.get_num_threads();
  }

  /**
   * Sets the number of threads one operation may use: for matrix products in the whole process, for
   * everything else on the calling thread. Work on several threads at once should set 1 on each.
   */
  public static void threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
    }
    Natives.load();
    torch.set_num_threads(threads);
    // fp32 products run on OpenBLAS's own threads
    openblas_nolapack.blas_set_num_threads(threads);
  }

  /**
   * Sets the number of threads until what is returned is closed, as {@link #threads(int)} does.
   *
   * <pre>{@code
   * try (var _ = Torch.onThreads(1)) {
   *   ...
   * }
   * }</pre>
   */
  public static Threads onThreads(int threads) {
    int before = threads();
    threads(threads);
    return () -> threads(before);
  }

  /** A number of threads that holds until it is closed. */
  @FunctionalInterface
  public interface Threads extends AutoCloseable {
    /** Sets the number that was set before. */
    @Override
    void close();
  }

  /** Computes without recording a graph; on this thread only. */
  public static <T> T noGrad(Supplier<T> work) {
    Natives.load();
    try (AutoGradMode _ = new AutoGradMode(false)) {
      return work.get();
    }
  }

  /** Computes without recording a graph; on this thread only. */
  public static void noGrad(Runnable work) {
    noGrad(
        () -> {
          work.run();
          return null;
        });
  }
}
