package dev.ilora.bench;

import dev.ilora.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Times variants against each other: each is run once to warm up, then all of them one after the
 * other, over and over, every other time in reverse order. What else the machine does, and how warm
 * it is, thus falls on all of them alike.
 */
public final class Harness {
  private final int repetitions;
  private final LongSupplier nanoTime;
  private final Progress progress;

  /**
   * @param repetitions timed runs of each variant, at least 1
   * @param nanoTime the clock, in nanoseconds
   * @param progress told after every run
   */
  public Harness(int repetitions, LongSupplier nanoTime, Progress progress) {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions: expected at least 1, got " + repetitions);
    }
    this.repetitions = repetitions;
    this.nanoTime = nanoTime;
    this.progress = progress;
  }

  /** Timed runs of each variant. */
  public int repetitions() {
    return repetitions;
  }

  /**
   * Runs all variants.
   *
   * @param what told to the progress
   * @param variants with names of their own
   * @return the timing of each, by name, in the order given
   */
  public Map<String, Timing> run(String what, List<Variant> variants) {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (Variant variant : variants) {
      if (seconds.put(variant.name(), new ArrayList<>()) != null) {
        throw new IllegalArgumentException("two variants are named '" + variant.name() + "'");
      }
    }
    long total = (long) variants.size() * (repetitions + 1);
    long done = 0;
    for (int round = 0; round <= repetitions; round++) {
      for (Variant variant : round % 2 == 0 ? variants : variants.reversed()) {
        double taken = time(variant.work());
        if (round > 0) {
          seconds.get(variant.name()).add(taken);
        }
        done++;
        String detail = String.format(Locale.ROOT, "%s %.3f s", variant.name(), taken);
        progress.update(what, done, total, detail);
      }
    }
    Map<String, Timing> timings = new LinkedHashMap<>();
    seconds.forEach((name, values) -> timings.put(name, new Timing(values)));
    return timings;
  }

  /** Times work that happens only once in a process, such as loading; it is not warmed up. */
  Timing once(Runnable work) {
    return new Timing(List.of(time(work)));
  }

  private double time(Runnable work) {
    long start = nanoTime.getAsLong();
    work.run();
    return (nanoTime.getAsLong() - start) / 1e9;
  }
}
