package dev.ilora.bench;

import dev.ilora.Progress;
import dev.ilora.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Times variants against each other: each is run once to warm up, then all of them one after the
 * other, over and over, every other time in reverse order. What else the machine does, and how warm
 * it is, thus falls on all of them alike.
 */
public final class Harness {
  private final int repetitions;
  private final LongSupplier nanoTime;
  private final Progress progress;
  private final List<String> only;

  /**
   * @param repetitions timed runs of each variant, at least 1
   * @param nanoTime the clock, in nanoseconds
   * @param progress told after every run
   */
  public Harness(int repetitions, LongSupplier nanoTime, Progress progress) {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions: expected at least 1, got " + repetitions);
    }
    this(repetitions, nanoTime, progress, List.of());
  }

  private Harness(int repetitions, LongSupplier nanoTime, Progress progress, List<String> only) {
    this.repetitions = repetitions;
    this.nanoTime = nanoTime;
    this.progress = progress;
    this.only = only;
  }

  /**
   * This harness for some variants of a bench; the others are left out.
   *
   * @param names of variants, with their type or, for every type, without; empty for all
   */
  public Harness only(List<String> names) {
    return new Harness(repetitions, nanoTime, progress, List.copyOf(names));
  }

  private List<Variant> wanted(List<Variant> variants) {
    List<String> unknown =
        only.stream().filter(name -> variants.stream().noneMatch(v -> v.isNamed(name))).toList();
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "--only: no variant is named %s; there are %s"
              .formatted(
                  String.join(", ", unknown),
                  variants.stream().map(Variant::name).collect(Collectors.joining(", "))));
    }
    return only.isEmpty()
        ? variants
        : variants.stream().filter(v -> only.stream().anyMatch(v::isNamed)).toList();
  }

  /** Timed runs of each variant. */
  public int repetitions() {
    return repetitions;
  }

  /**
   * Runs all variants.
   *
   * @param what told to the progress
   * @param all with names of their own
   * @return the timing of each that is wanted, by name, in the order given
   * @throws ConfigException if a wanted one is not there
   */
  public Map<String, Timing> run(String what, List<Variant> all) {
    List<Variant> variants = wanted(all);
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
