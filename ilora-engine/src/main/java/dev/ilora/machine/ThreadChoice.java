package dev.ilora.machine;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The number of threads that is fastest under the load of this moment. Threads of one operation
 * wait for each other, so where other work keeps some of the processors busy, fewer threads are
 * faster.
 *
 * @param threads the number chosen
 * @param gigaflops speed of matrix products by each number of threads that was tried
 */
public record ThreadChoice(int threads, Map<Integer, Double> gigaflops) {
  /** Fewer threads are taken where they are faster than all by this factor. */
  public static final double CLEARLY_FASTER = 1.15;

  /** Keeps a sorted copy. */
  public ThreadChoice {
    gigaflops = Collections.unmodifiableMap(new TreeMap<>(gigaflops));
  }

  /**
   * Tries one thread, half of them and all; takes about a second.
   *
   * @param most all of them
   */
  public static ThreadChoice measure(int most) {
    Map<Integer, Double> speeds = new TreeMap<>();
    for (int count : new TreeSet<>(List.of(1, Math.max(1, most / 2), most))) {
      try (var _ = Torch.onThreads(count)) {
        speeds.put(count, SpeedProbe.gigaflops(DType.F32, Device.CPU));
      }
    }
    return of(speeds);
  }

  /** Chooses among measured speeds: all threads, unless fewer are clearly faster. */
  static ThreadChoice of(Map<Integer, Double> speeds) {
    TreeMap<Integer, Double> sorted = new TreeMap<>(speeds);
    int chosen = sorted.lastKey();
    for (int fewer : sorted.headMap(chosen, false).descendingKeySet()) {
      if (sorted.get(fewer) > CLEARLY_FASTER * sorted.get(chosen)) {
        chosen = fewer;
      }
    }
    return new ThreadChoice(chosen, sorted);
  }

  /**
   * The choice and what it was made from, such as "2 (GFLOP/s of matrix products: 1: 93, 2: 61)".
   */
  @Override
  public String toString() {
    return gigaflops.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%.0f with %s", entry.getValue(), entry.getKey()))
        .collect(Collectors.joining(", ", threads + " (GFLOP/s of matrix products now: ", ")"));
  }
}
